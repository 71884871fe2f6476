/// A JSON value that is written and never read.
indirect enum JSONText {
  case text(String)
  /// JSON that is written already.
  case raw(String)
  case list([JSONText])
  case object([(name: String, value: JSONText)])

  /// A text where there is one, else a list of texts.
  static func texts(_ texts: [String]) -> JSONText {
    texts.count == 1 ? .text(texts[0]) : .list(texts.map { .text($0) })
  }

  /// Without white space between its parts.
  var compact: String {
    switch self {
    case .text(let text): return JSONText.quoted(text)
    case .raw(let json): return json
    case .list(let values): return "[\(values.map(\.compact).joined(separator: ","))]"
    case .object(let members):
      return
        "{\(members.map { "\(JSONText.quoted($0.name)):\($0.value.compact)" }.joined(separator: ","))}"
    }
  }

  /// A value a line, with a line feed at the end.
  var pretty: String { pretty(indent: "") + "\n" }

  private func pretty(indent: String) -> String {
    let inner = indent + "  "
    func enclosed(_ open: String, _ lines: [String], _ close: String) -> String {
      lines.isEmpty
        ? open + close
        : "\(open)\n\(lines.map { inner + $0 }.joined(separator: ",\n"))\n\(indent)\(close)"
    }
    switch self {
    case .text, .raw: return compact
    case .list(let values): return enclosed("[", values.map { $0.pretty(indent: inner) }, "]")
    case .object(let members):
      return enclosed(
        "{", members.map { "\(JSONText.quoted($0.name)): \($0.value.pretty(indent: inner))" }, "}")
    }
  }

  /// A text as JSON writes it, which YAML reads alike in double quotes.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return "\"\(text)\"" }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default:
        let isPlain =
          scalar.value >= 0x20 && !(0x7F...0xA0).contains(scalar.value)
          && ![0x2028, 0x2029, 0xFEFF].contains(scalar.value)
        if isPlain {
          quoted.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return quoted + "\""
  }
}
