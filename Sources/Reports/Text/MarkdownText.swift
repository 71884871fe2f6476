/// Input text made safe for Markdown: CommonMark, GitHub's tables, and OSCAL's markup.
enum MarkdownText {
  /// Marks that Markdown, or the inline HTML in it, gives a meaning anywhere in a line.
  private static let marks: Set<Unicode.Scalar> = [
    "\\", "`", "*", "_", "[", "]", "<", ">", "~", "^", "{", "}", "|", "&", "$", "!",
  ]
  /// Marks that mean something at the beginning of a line.
  private static let lineMarks: Set<Unicode.Scalar> = ["#", "+", "-", "=", ":"]

  /// Text as one line of prose: every mark escaped, no line break.
  static func line(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "\n", "\t": result += " "
      case let mark where marks.contains(mark):
        result += "\\"
        result.unicodeScalars.append(mark)
      case let mark where result.isEmpty && lineMarks.contains(mark):
        result += "\\"
        result.unicodeScalars.append(mark)
      case "." where isNumber(result), ")" where isNumber(result):
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text from an input as code on one line: no mention, no reference and no link is made of it.
  static func code(_ text: String) -> String {
    var content = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "\n", "\t": content += " "
      // A table ends its cell at a bar, in code as well, and two backslashes escape each other.
      case "|": content += content.hasSuffix("\\") ? " \\|" : "\\|"
      default: content.unicodeScalars.append(scalar)
      }
    }
    if content.unicodeScalars.allSatisfy({ $0 == " " }) { return "(empty)" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: content) + 1)
    let isFenced = fence.utf8.count > 1 || content.hasPrefix(" ") || content.hasSuffix(" ")
    let space = isFenced ? " " : ""
    return fence + space + content + space + fence
  }

  /// Letters, digits and harmless marks, no number or mark at the beginning: nothing to do.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x41...0x7A).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
      default: return " \"'(),-./:;=?@%#+".utf8.contains(byte)
      }
    }
  }

  /// A number would begin a numbered list with what follows it.
  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func longestRun(of mark: Unicode.Scalar, in text: String) -> Int {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == mark ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
