internal import Model

/// Statements as grants of the canonical format: what an allow-list of tools is made from.
enum GrantListText {
  /// The document, one line a grant.
  static func text(of statements: [Statement]) -> String {
    var text = "privileges:\n"
    for statement in statements {
      let agent = JSONText.quoted(statement.agent)
      var rest = ", effect: \(JSONText.quoted(statement.effect.rawValue))"
      rest += ", via: \(JSONText.quoted(statement.origin.text))"
      if let condition = statement.condition {
        rest += ", condition: \(JSONText.quoted(condition))"
      }
      if let expires = statement.expires {
        rest += ", expires: \(JSONText.quoted(expires.rfc3339))"
      }
      let resources = statement.resources.map { ", resource: \(JSONText.quoted($0))" }
      for action in statement.actions {
        let start = "  - {agent: \(agent), action: \(JSONText.quoted(action))"
        for resource in resources.isEmpty ? [""] : resources {
          text += start
          text += resource
          text += rest
          text += "}\n"
        }
      }
    }
    // An empty list is a line of its own.
    return text.utf8.count == "privileges:\n".utf8.count ? text + "\n" : text
  }
}
