internal import Documents

/// Reading `where`.
extension PolicyReader {
  private static let operators = [
    "eq", "in", "like", "re", "gt", "ge", "lt", "le", "exists", "field", "not",
  ]

  /// A mapping of fields to tests, all of which must hold, with `all`, `any` and `not`.
  mutating func readPredicate(_ node: Node) -> Predicate {
    guard let entries = node.mapping else {
      note(node.place, "`where` must be a mapping of field to value, not \(node.kindWord)")
      return .always
    }
    var parts: [Predicate] = []
    for entry in entries {
      switch entry.key {
      case "all": parts.append(.all(readPredicates(entry)))
      case "any": parts.append(.any(readPredicates(entry)))
      case "not": parts.append(.not(readPredicate(entry.value)))
      default:
        guard let path = fieldPath(entry.key, at: entry.keyPlace) else { continue }
        parts.append(readTest(entry.value, of: path))
      }
    }
    if entries.isEmpty { note(node.place, "`where` needs at least one field") }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func readPredicates(_ entry: Node.Entry) -> [Predicate] {
    guard let nodes = entry.value.sequence, !nodes.isEmpty else {
      note(entry.value.place, "`\(entry.key)` must be a list of conditions")
      return []
    }
    return nodes.map { readPredicate($0) }
  }

  /// The test of one field: a value, a list of values, or a mapping of operators.
  private mutating func readTest(_ node: Node, of path: FieldPath) -> Predicate {
    if let list = node.sequence {
      return .test(path, .oneOf(readLiterals(list, node.place)))
    }
    guard let entries = node.mapping else {
      guard let literal = readLiteral(node) else { return .always }
      return .test(path, .equals(literal))
    }
    var parts: [Predicate] = []
    for entry in entries {
      if let part = readOperator(entry, of: path) { parts.append(part) }
    }
    if entries.isEmpty { note(node.place, "a condition needs a value or an operator") }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func readOperator(_ entry: Node.Entry, of path: FieldPath) -> Predicate? {
    let value = entry.value
    switch entry.key {
    case "eq":
      return readLiteral(value).map { .test(path, .equals($0)) }
    case "in":
      return .test(path, .oneOf(readLiterals(value.oneOrMany, value.place)))
    case "like":
      return .test(path, .like(readLiterals(value.oneOrMany, value.place).map(\.text)))
    case "re":
      return readExpression(value).map { .test(path, .matches($0)) }
    case "gt":
      return readNumber(entry).map { .test(path, .greater($0)) }
    case "ge":
      return readNumber(entry).map { .test(path, .greaterOrEqual($0)) }
    case "lt":
      return readNumber(entry).map { .test(path, .less($0)) }
    case "le":
      return readNumber(entry).map { .test(path, .lessOrEqual($0)) }
    case "exists":
      if let bool = value.bool { return .test(path, .exists(bool)) }
      note(value.place, "`exists` must be true or false")
      return nil
    case "field":
      return fieldPath(value).map { .test(path, .equalsField($0)) }
    case "not":
      return .not(readTest(value, of: path))
    default:
      let hint = didYouMean(entry.key, among: Self.operators)
      note(entry.keyPlace, "unknown operator `\(shown(entry.key))`\(hint)")
      return nil
    }
  }

  private mutating func readExpression(_ node: Node) -> String? {
    guard let text = node.text else {
      note(node.place, "`re` must be one regular expression, not \(node.kindWord)")
      return nil
    }
    do {
      _ = try RegularExpression(text)
      return text
    } catch {
      note(node.place, "regular expression: \(error.reason)")
      return nil
    }
  }

  private mutating func readNumber(_ entry: Node.Entry) -> Double? {
    if let number = entry.value.number { return number }
    note(entry.value.place, "`\(entry.key)` must be a number")
    return nil
  }

  private mutating func readLiterals(_ nodes: [Node], _ place: Place) -> [Literal] {
    if nodes.isEmpty { note(place, "a list of values needs at least one") }
    return nodes.compactMap { readLiteral($0) }
  }

  private mutating func readLiteral(_ node: Node) -> Literal? {
    if let bool = node.bool { return .bool(bool) }
    if let text = node.text {
      if let number = node.number, Literal.isNumberText(text) { return .number(number) }
      return .text(text)
    }
    note(node.place, "a condition needs a value, not \(node.kindWord)")
    return nil
  }
}

extension Literal {
  /// Whether plain digits mean a number: account numbers with a leading zero, and more digits than
  /// a number keeps, stay text.
  static func isNumberText(_ text: String) -> Bool {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.count
    let isPadded = text.utf8.count > 1 && text.hasPrefix("0") && !text.hasPrefix("0.")
    return digits <= 15 && !isPadded
  }

  /// The value as the document writes it.
  var text: String {
    switch self {
    case .text(let text): return text
    case .bool(let bool): return bool ? "true" : "false"
    case .number(let number):
      if let exact = Int64(exactly: number) { return String(exact) }
      return String(number)
    }
  }
}
