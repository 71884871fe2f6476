internal import Model

/// Makes equal texts of statements one value: of two million statements most say what others say.
struct StatementTexts {
  private var texts: [String: String] = [:]
  private var lists: [String: [String]] = [:]
  /// Beyond this little is gained, and each look takes longer.
  private static let textsMax = 400_000
  /// A text as short as this lies in its place and has nothing to share.
  private static let inPlaceMax = 15

  /// Exchanges the texts of a statement for equal ones that were met before.
  mutating func share(_ statement: inout Statement) {
    statement.agent = shared(statement.agent)
    statement.origin.policy = shared(statement.origin.policy)
    statement.actions = shared(statement.actions)
    statement.resources = shared(statement.resources)
  }

  private mutating func shared(_ text: String) -> String {
    guard text.utf8.count > StatementTexts.inPlaceMax else { return text }
    if let known = texts[text] { return known }
    if texts.count < StatementTexts.textsMax { texts[text] = text }
    return text
  }

  private mutating func shared(_ list: [String]) -> [String] {
    guard list.count == 1 else { return list }
    if let known = lists[list[0]] { return known }
    if lists.count < StatementTexts.textsMax { lists[list[0]] = list }
    return list
  }
}
