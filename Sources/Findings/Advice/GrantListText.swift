internal import Model

/// Statements as grants of the canonical format: what an allow-list of tools is made from.
enum GrantListText {
  /// The document, one line a grant.
  static func text(of statements: [Statement]) -> String {
    var lines: [String] = []
    for statement in statements {
      let resources = statement.resources.isEmpty ? [nil] : statement.resources.map(Optional.some)
      for action in statement.actions {
        for resource in resources {
          var fields = [
            ("agent", statement.agent), ("action", action), ("effect", statement.effect.rawValue),
            ("via", statement.origin.text),
          ]
          if let resource { fields.insert(("resource", resource), at: 2) }
          if let condition = statement.condition { fields.append(("condition", condition)) }
          if let expires = statement.expires { fields.append(("expires", expires.rfc3339)) }
          let written = fields.map { "\($0.0): \(JSONText.quoted($0.1))" }
          lines.append("  - {\(written.joined(separator: ", "))}")
        }
      }
    }
    return "privileges:\n" + lines.joined(separator: "\n") + "\n"
  }
}
