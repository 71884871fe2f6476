internal import CSimdjson

/// A parser for whole JSON values; holds the one parsed last.
final class JSONDocument {
  private let handle: OpaquePointer?

  init() { handle = sequitur_document_new() }

  deinit { if let handle { sequitur_document_free(handle) } }

  /// What a text was.
  enum Parsed {
    /// The value; it lives until the next parse. `repairs` is a sum of `SequiturRepair`.
    case value(JSONNode, repairs: Int32)
    /// A `SequiturJSONError`.
    case failed(Int32)
  }

  /// Parses a text, which is copied; one that is damaged in a way that can be made good is
  /// repaired.
  func parse(_ text: UnsafeRawBufferPointer) -> Parsed {
    var node = SequiturNode()
    let code = parseOnce(text.bindMemory(to: CChar.self), &node)
    switch UInt32(bitPattern: code) {
    case SEQUITUR_JSON_OK.rawValue: return .value(JSONNode(node: node), repairs: 0)
    case SEQUITUR_JSON_UTF8.rawValue, SEQUITUR_JSON_STRING.rawValue,
      SEQUITUR_JSON_CONTROL.rawValue, SEQUITUR_JSON_NUMBER.rawValue:
      break
    default: return .failed(code)
    }
    var repairs: Int32 = 0
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count * 6 + 1)
    defer { copy.deallocate() }
    let count = sequitur_json_repair(
      text.bindMemory(to: CChar.self).baseAddress, text.count, copy.baseAddress, &repairs)
    let second = parseOnce(
      UnsafeBufferPointer(rebasing: UnsafeBufferPointer(copy)[..<count]), &node)
    guard second == Int32(SEQUITUR_JSON_OK.rawValue) else { return .failed(code) }
    return .value(JSONNode(node: node), repairs: repairs)
  }

  /// Parses bytes.
  func parse(_ text: [UInt8]) -> Parsed { text.withUnsafeBytes { parse($0) } }

  /// A value of the document as JSON, without white space.
  func json(_ node: JSONNode) -> String {
    guard let handle else { return "" }
    var text: UnsafePointer<CChar>?
    var length = 0
    sequitur_node_minify(handle, node.node, &text, &length)
    return String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
  }

  private func parseOnce(_ text: UnsafeBufferPointer<CChar>, _ node: inout SequiturNode) -> Int32 {
    guard let handle else { return Int32(SEQUITUR_JSON_CAPACITY.rawValue) }
    return sequitur_document_parse(handle, text.baseAddress, text.count, &node)
  }
}

/// A value of a parsed JSON document; lives as long as the document holds it.
struct JSONNode {
  /// What a value is.
  enum Kind {
    case null, bool(Bool), number, text, object, array
  }

  /// A member of an object.
  struct Member {
    var name: String
    var value: JSONNode
  }

  let node: SequiturNode

  var kind: Kind {
    switch UInt32(bitPattern: sequitur_node_type(node)) {
    case SEQUITUR_JSON_FALSE.rawValue: return .bool(false)
    case SEQUITUR_JSON_TRUE.rawValue: return .bool(true)
    case SEQUITUR_JSON_NUMBER_VALUE.rawValue: return .number
    case SEQUITUR_JSON_STRING_VALUE.rawValue: return .text
    case SEQUITUR_JSON_OBJECT.rawValue: return .object
    case SEQUITUR_JSON_ARRAY.rawValue: return .array
    default: return .null
    }
  }

  /// What it is, for messages.
  var kindWord: String {
    switch kind {
    case .null: return "nothing"
    case .bool: return "true or false"
    case .number: return "a number"
    case .text: return "text"
    case .object: return "an object"
    case .array: return "a list"
    }
  }

  var isNull: Bool { if case .null = kind { true } else { false } }
  var isObject: Bool { if case .object = kind { true } else { false } }
  var isArray: Bool { if case .array = kind { true } else { false } }

  /// The text of a string.
  var text: String? {
    var text: UnsafePointer<CChar>?
    var length = 0
    guard sequitur_node_text(node, &text, &length) else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
  }

  /// The text of a string that is not empty.
  var filledText: String? {
    guard let text, !text.isEmpty else { return nil }
    return text
  }

  /// A string, number or truth value as text; nil for anything else.
  var scalarText: String? {
    switch kind {
    case .text: return text
    case .bool(let truth): return truth ? "true" : "false"
    case .number: return numberText
    case .null, .object, .array: return nil
    }
  }

  /// The number and, where it is one, the integer.
  var number: (double: Double, integer: Int64?)? {
    var number = 0.0
    var integer: Int64 = 0
    var isInteger = false
    guard sequitur_node_number(node, &number, &integer, &isInteger) else { return nil }
    return (number, isInteger ? integer : nil)
  }

  private var numberText: String? {
    guard let number else { return nil }
    if let integer = number.integer { return String(integer) }
    return String(number.double)
  }

  /// The truth value.
  var bool: Bool? { if case .bool(let truth) = kind { truth } else { nil } }

  /// The members of an object in its order; of a name given twice the first counts.
  var members: [Member] {
    var found: [Member] = []
    forEach { name, value in
      if let name { found.append(Member(name: name, value: value)) }
    }
    return found
  }

  /// The elements of an array; empty for anything else.
  var elements: [JSONNode] {
    var found: [JSONNode] = []
    forEach { name, value in
      if name == nil { found.append(value) }
    }
    return found
  }

  /// The elements of an array, or the value itself as the only one; nothing for null.
  var oneOrMany: [JSONNode] { isArray ? elements : isNull ? [] : [self] }

  /// The first member of a name, unless it is null.
  subscript(_ name: String) -> JSONNode? {
    var name = name
    let found: JSONNode? = name.withUTF8 { wanted in
      var cursor = SequiturCursor()
      guard sequitur_node_iterate(node, &cursor), cursor.isObject else { return nil }
      var key: UnsafePointer<CChar>?
      var length = 0
      var value = SequiturNode()
      while sequitur_cursor_next(&cursor, &key, &length, &value) {
        let found = UnsafeRawBufferPointer(start: key, count: length)
        if length == wanted.count, found.elementsEqual(wanted) { return JSONNode(node: value) }
      }
      return nil
    }
    guard let found, !found.isNull else { return nil }
    return found
  }

  private func forEach(_ body: (String?, JSONNode) -> Void) {
    var cursor = SequiturCursor()
    guard sequitur_node_iterate(node, &cursor) else { return }
    var key: UnsafePointer<CChar>?
    var length = 0
    var value = SequiturNode()
    while sequitur_cursor_next(&cursor, &key, &length, &value) {
      let name =
        cursor.isObject
        ? String(decoding: UnsafeRawBufferPointer(start: key, count: length), as: UTF8.self) : nil
      body(name, JSONNode(node: value))
    }
  }
}
