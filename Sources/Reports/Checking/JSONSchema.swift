internal import Foundation

/// Validates JSON against a JSON Schema of the words that our own schemas use; empty when valid.
///
/// Each text says `PATH: what is wrong`. A word that is not known is a mistake of the schema: to
/// pass over it would call valid what was not looked at.
package func validate(json: [UInt8], schema: [UInt8]) -> [String] {
  guard let root = try? JSONDecoder().decode(JSONTree.self, from: Data(schema)) else {
    return ["schema: not JSON"]
  }
  guard let document = try? JSONDecoder().decode(JSONTree.self, from: Data(json)) else {
    return ["not JSON"]
  }
  var check = SchemaCheck(root: root)
  check.check(document, by: root, path: "$")
  return check.mistakes
}

/// JSON as it lies in memory.
private indirect enum JSONTree: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case array([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let truth = try? value.decode(Bool.self) {
      self = .bool(truth)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let elements = try? value.decode([JSONTree].self) {
      self = .array(elements)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  /// The member of an object.
  subscript(_ name: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// JSON Schema's word for its kind.
  var kind: String {
    switch self {
    case .null: return "null"
    case .bool: return "boolean"
    case .number(let number): return number == number.rounded() ? "integer" : "number"
    case .text: return "string"
    case .array: return "array"
    case .object: return "object"
    }
  }
}

/// One walk of a document along its schema.
private struct SchemaCheck {
  let root: JSONTree
  private(set) var mistakes: [String] = []
  /// More are not listed: one broken document can have millions.
  private static let mistakesMax = 100
  /// Words that say nothing about a document.
  private static let remarks: Set<String> = [
    "$schema", "$id", "title", "$comment", "description", "$defs",
  ]

  init(root: JSONTree) { self.root = root }

  mutating func check(_ value: JSONTree, by schema: JSONTree, path: String) {
    guard mistakes.count < SchemaCheck.mistakesMax else { return }
    guard case .object(let words) = schema else {
      return say(path, "the schema has no object here")
    }
    for (word, wanted) in words.sorted(by: { $0.key < $1.key })
    where !SchemaCheck.remarks.contains(word) {
      check(value, word, wanted, of: schema, path)
    }
  }

  private mutating func check(
    _ value: JSONTree, _ word: String, _ wanted: JSONTree, of schema: JSONTree, _ path: String
  ) {
    switch (word, wanted, value) {
    case ("$ref", .text(let address), _):
      let name = address.split(separator: "/").last.map(String.init) ?? ""
      guard let target = root["$defs"]?[name], address == "#/$defs/\(name)" else {
        return say(path, "the schema refers to `\(address)`, which it does not have")
      }
      check(value, by: target, path: path)
    case ("type", .text(let kind), _):
      let isOne = value.kind == kind || kind == "number" && value.kind == "integer"
      if !isOne { say(path, "expected \(kind), not \(value.kind)") }
    case ("enum", .array(let values), _):
      if !values.contains(value) { say(path, "not one of the values allowed") }
    case ("const", _, _):
      if value != wanted { say(path, "not the value wanted") }
    case ("pattern", .text(let pattern), .text(let text)):
      if !SchemaCheck.matches(text, pattern) { say(path, "does not match \(pattern)") }
    case ("minimum", .number(let least), .number(let number)):
      if number < least { say(path, "less than \(least)") }
    case ("maximum", .number(let most), .number(let number)):
      if number > most { say(path, "more than \(most)") }
    case ("minItems", .number(let least), .array(let elements)):
      if Double(elements.count) < least { say(path, "fewer than \(Int(least)) elements") }
    case ("required", .array(let names), .object(let members)):
      for case .text(let name) in names where members[name] == nil {
        say(path, "`\(name)` is missing")
      }
    case ("properties", .object(let properties), .object(let members)):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        if let schema = properties[name] { check(member, by: schema, path: "\(path).\(name)") }
      }
    case ("additionalProperties", _, .object(let members)):
      checkOthers(members, wanted, of: schema, path)
    case ("items", .object, .array(let elements)):
      for (place, element) in elements.enumerated() {
        check(element, by: wanted, path: "\(path)[\(place)]")
      }
    case ("pattern", _, _), ("minimum", _, _), ("maximum", _, _), ("minItems", _, _),
      ("required", _, _), ("properties", _, _), ("items", _, _):
      // They speak of another kind of value; `type` says whether that may be here.
      break
    default: say(path, "the schema's word `\(word)` is not known")
    }
  }

  private mutating func checkOthers(
    _ members: [String: JSONTree], _ wanted: JSONTree, of schema: JSONTree, _ path: String
  ) {
    for (name, member) in members.sorted(by: { $0.key < $1.key })
    where schema["properties"]?[name] == nil {
      if wanted == .bool(false) {
        say(path, "unknown name `\(SafeText.cut(name, scalarsMax: 100))`")
      } else if case .object = wanted {
        check(member, by: wanted, path: "\(path).\(SafeText.cut(name, scalarsMax: 100))")
      }
    }
  }

  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
    let range = NSRange(text.startIndex..., in: text)
    return expression.firstMatch(in: text, range: range) != nil
  }

  private mutating func say(_ path: String, _ what: String) {
    guard mistakes.count < SchemaCheck.mistakesMax else { return }
    mistakes.append("\(path): \(what)")
  }
}
