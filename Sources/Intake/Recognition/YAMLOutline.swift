/// The keys at the left margin of a text that may be YAML, or those of its first list elements: a
/// glance, so that prose is not parsed.
struct YAMLOutline {
  /// Keys at the left margin, in order.
  private(set) var keys: [String] = []
  /// The keys of each of the first elements, when the text is a list.
  private(set) var elements: [[String]] = []
  /// The values of every `kind:` and `apiVersion:`, in order, however deep they stand.
  private(set) var kinds: [String] = []
  private(set) var versions: [String] = []

  /// Looks at lines.
  init(_ lines: [String]) {
    for line in lines {
      if line.hasPrefix("#") || line.hasPrefix("---") || line.hasPrefix("%") { continue }
      let inner = line.drop { $0 == " " || $0 == "-" }
      if let kind = YAMLOutline.value(of: "kind", in: inner) { kinds.append(kind) }
      if let version = YAMLOutline.value(of: "apiVersion", in: inner) { versions.append(version) }
      if line.hasPrefix("- ") {
        elements.append(YAMLOutline.inlineKeys(line.dropFirst(2)))
      } else if line.hasPrefix(" ") {
        if !elements.isEmpty, let key = YAMLOutline.key(line.drop { $0 == " " }) {
          elements[elements.count - 1].append(key)
        }
      } else if let key = YAMLOutline.key(line[...]) {
        keys.append(key)
      }
    }
  }

  private static func value(of key: String, in line: Substring) -> String? {
    guard line.hasPrefix("\(key):") else { return nil }
    return line.dropFirst(key.count + 1).trimmed(of: "\"' \r")
  }

  /// The keys of `{a: 1, b: 2}` or of `a: 1`.
  private static func inlineKeys(_ text: Substring) -> [String] {
    let trimmed = text.drop { $0 == " " }
    guard trimmed.hasPrefix("{") else { return key(trimmed).map { [$0] } ?? [] }
    return trimmed.dropFirst().split(separator: ",").compactMap { key($0.drop { $0 == " " }) }
  }

  /// The word before a colon that ends a YAML key.
  private static func key(_ text: Substring) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let after = text[text.index(after: colon)...].first
    guard after == nil || after == " " || after == "\r" else { return nil }
    let word = text[..<colon].trimmed(of: "\"' ")
    let isWord = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-" || $0 == "."
    }
    return isWord && !word.isEmpty ? word : nil
  }
}
