/// A value that a template can name. Texts are escaped here, once, for all templates.
enum ViewValue: Sendable {
  /// A text from anywhere: it cannot become markup, and is cut where it is too long to be read.
  case text(String)
  /// The same, but never cut: ids, addresses and raw records.
  case exact(String)
  /// Markup that this module made, for example a picture.
  case markup(String)
  case flag(Bool)
  case list([ViewValue])
  case object(ViewMembers)

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

  /// Appends what stands on a page for it; nothing for what is no text.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text):
      bytes.append(html: SafeText.cut(text, scalarsMax: SafeText.shownScalarsMax))
    case .exact(let text): bytes.append(html: text)
    case .markup(let markup): bytes.append(contentsOf: markup.utf8)
    case .flag, .list, .object: break
    }
  }
}

/// The members of an object: few, so that a list is made and searched sooner than a dictionary.
struct ViewMembers: ExpressibleByDictionaryLiteral, Sendable {
  private var members: [(StaticString, ViewValue)]

  init(dictionaryLiteral members: (StaticString, ViewValue)...) {
    self.members = members
  }

  /// With other members before these: of two with one name the first counts.
  func adding(_ others: ViewMembers) -> ViewMembers {
    var all = others
    all.members += members
    return all
  }

  /// The member of a name, given in UTF-8; nil where there is none.
  func value(_ name: UnsafeBufferPointer<UInt8>) -> ViewValue? {
    for place in members.indices {
      let own = members[place].0
      guard own.utf8CodeUnitCount == name.count else { continue }
      var index = 0
      while index < name.count, own.utf8Start[index] == name[index] { index += 1 }
      if index == name.count { return members[place].1 }
    }
    return nil
  }
}
