/// A place in a document.
package struct Place: Sendable, Hashable {
  /// The line and the column in characters, both from 1.
  package var line: Int
  package var column: Int

  /// A place.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A value of a YAML document with its place.
package struct Node: Sendable {
  /// What the value is.
  package indirect enum Content: Sendable {
    /// Text; `isPlain` when it was written without quotes and may be a number, a truth value, null.
    case scalar(text: String, isPlain: Bool)
    case sequence([Node])
    case mapping([Entry])
  }

  /// One key of a mapping and its value, in the document's order.
  package struct Entry: Sendable {
    /// The key's text and place.
    package var key: String
    package var keyPlace: Place
    package var value: Node
  }

  /// What the value is.
  package var content: Content
  /// Where it begins.
  package var place: Place

  /// A value at a place.
  package init(content: Content, place: Place) {
    self.content = content
    self.place = place
  }

  /// The text of a scalar, whatever its style; nil for a list, a mapping and null.
  package var text: String? {
    guard case .scalar(let text, _) = content, !isNull else { return nil }
    return text
  }

  /// The value as one text that tells nothing of layout, comments and places: equal values have
  /// equal texts.
  package var canonicalText: String {
    switch content {
    case .scalar(let text, let isPlain):
      return (isPlain ? "~" : "=") + "\(text.utf8.count):\(text)"
    case .sequence(let nodes): return "[" + nodes.map(\.canonicalText).joined() + "]"
    case .mapping(let entries):
      let sorted = entries.sorted { $0.key < $1.key }
      return "{" + sorted.map { "\($0.key.utf8.count):\($0.key)\($0.value.canonicalText)" }.joined()
        + "}"
    }
  }

  /// The number of a plain scalar.
  package var number: Double? {
    guard case .scalar(let text, true) = content, let first = text.utf8.first,
      first == 0x2D || first == 0x2B || first == 0x2E || (0x30...0x39).contains(first)
    else { return nil }
    guard let value = Double(text.replacing("_", with: "")), value.isFinite else { return nil }
    return value
  }

  /// The truth value of a plain scalar: only `true` and `false` are such.
  package var bool: Bool? {
    guard case .scalar(let text, true) = content else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default: return nil
    }
  }

  /// Whether it is an empty plain scalar, `~` or `null`.
  package var isNull: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// The elements of a list; nil for anything else.
  package var sequence: [Node]? {
    guard case .sequence(let nodes) = content else { return nil }
    return nodes
  }

  /// The entries of a mapping; nil for anything else.
  package var mapping: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  /// The elements of a list, or the value itself as the only element.
  package var oneOrMany: [Node] { sequence ?? [self] }

  /// The value of a key of a mapping.
  package subscript(_ key: String) -> Node? { mapping?.first { $0.key == key }?.value }

  /// What the value is, for messages.
  package var kindWord: String {
    switch content {
    case .scalar: return isNull ? "nothing" : "a single value"
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    }
  }
}
