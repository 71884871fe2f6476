/// A value that a template can name. Texts are escaped here, once, for all templates.
indirect enum ViewValue: Sendable {
  /// A text from anywhere: it cannot become markup, and is cut where it is too long to be read.
  case text(String)
  /// The same, but never cut: ids, addresses and raw records.
  case exact(String)
  /// Markup that this module made, for example a picture.
  case markup(String)
  case flag(Bool)
  case list([ViewValue])
  case object([String: ViewValue])

  /// Nothing: its section is not shown.
  static let none = ViewValue.flag(false)

  /// A text that may be missing.
  static func text(_ value: String?) -> ViewValue { value.map { .text($0) } ?? .none }

  /// A text that may be missing and is never cut.
  static func exact(_ value: String?) -> ViewValue { value.map { .exact($0) } ?? .none }

  /// A whole number with thousands separated.
  static func count(_ value: Int) -> ViewValue { .text(NumberText.grouped(value)) }

  /// A list of texts.
  static func texts(_ values: [String]) -> ViewValue { .list(values.map { .text($0) }) }

  /// A member of an object; nil where there is none, and for what is no object.
  func member(_ name: String) -> ViewValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// What stands on a page for it; nil for what is no text.
  var escapedText: String? {
    switch self {
    case .text(let text):
      return SafeText.html(SafeText.cut(text, scalarsMax: SafeText.shownScalarsMax))
    case .exact(let text): return SafeText.html(text)
    case .markup(let markup): return markup
    case .flag, .list, .object: return nil
    }
  }
}
