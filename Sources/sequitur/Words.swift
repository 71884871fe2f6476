/// `1 event`, `2 events`, `12,408 events`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// A whole number with a comma between thousands.
func grouped(_ number: Int) -> String {
  var digits = Substring(String(number.magnitude))
  var groups: [Substring] = []
  while digits.count > 3 {
    groups.insert(digits.suffix(3), at: 0)
    digits = digits.dropLast(3)
  }
  groups.insert(digits, at: 0)
  return (number < 0 ? "-" : "") + groups.joined(separator: ",")
}

extension String {
  /// The text for a terminal: names come from logs and file systems, and what steers a terminal or
  /// turns the reading order must not reach it.
  var printable: String {
    String(
      UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
          default: return scalar
          }
        }))
  }

  /// The text filled with spaces to a width in characters.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
