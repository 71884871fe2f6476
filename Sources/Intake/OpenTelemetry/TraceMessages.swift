internal import CSimdjson
internal import Model

/// What messages in attributes and events of spans say: what was asked, and which tools the model
/// called.
struct TraceMessages {
  /// A call that a message asks for.
  struct Call {
    var id: String
    var tool: String
    /// JSON.
    var arguments: [UInt8]
  }

  /// A result that a message passes on.
  struct Answer {
    var call: String
    var text: [UInt8]
  }

  private(set) var asked: [String] = []
  private(set) var calls: [Call] = []
  private(set) var answers: [Answer] = []

  /// What was asked, as one text; nil where nothing was.
  var request: String? { asked.isEmpty ? nil : asked.joined(separator: "\n") }

  /// Takes a list of messages, or one; of any other value nothing.
  mutating func take(_ node: JSONNode) {
    for message in node.oneOrMany where message.isObject { take(message: message) }
  }

  private mutating func take(message: JSONNode) {
    let role = message["role"]?.text
    // The present convention has parts; earlier ones have the shapes of the models' interfaces.
    for part in message["parts"]?.elements ?? [] { take(part: part, role: role) }
    let content = message["content"]
    for call in message["tool_calls"]?.elements ?? [] { take(call: call) }
    switch role {
    case "user", "human":
      if let text = content?.filledText { asked.append(text) }
      for block in content?.elements ?? [] {
        if let text = block["text"]?.filledText { asked.append(text) }
      }
    case "tool", "function":
      if let id = (message["tool_call_id"] ?? message["id"])?.filledText, let content {
        answers.append(Answer(call: id, text: TraceMessages.bytes(content)))
      }
    default: break
    }
  }

  private mutating func take(part: JSONNode, role: String?) {
    switch part["type"]?.text {
    case "text":
      if role == "user", let text = part["content"]?.filledText { asked.append(text) }
    case "tool_call": take(call: part)
    case "tool_call_response":
      guard let id = part["id"]?.filledText else { return }
      let result = part["response"] ?? part["result"]
      answers.append(Answer(call: id, text: result.map { TraceMessages.bytes($0) } ?? []))
    default: break
    }
  }

  private mutating func take(call: JSONNode) {
    let function = call["function"] ?? call
    guard let id = call["id"]?.filledText, let tool = function["name"]?.filledText else { return }
    let arguments = function["arguments"].map { TraceMessages.bytes($0) } ?? []
    calls.append(Call(id: id, tool: tool, arguments: arguments))
  }

  /// A text as it is, any other value as JSON.
  static func bytes(_ node: JSONNode) -> [UInt8] {
    Array((node.text ?? JSONWriter.sortedText(node)).utf8)
  }

  /// Adds a text that the user wrote.
  mutating func add(asked text: String) {
    if !text.isEmpty { asked.append(text) }
  }
}

extension JSONWriter {
  /// Writes a value of OTLP, `{"stringValue": ...}`, as the value that it stands for.
  mutating func writeAny(_ node: JSONNode, depth: Int = 0) {
    guard depth < 64, let member = node.members.first else { return raw("null") }
    switch member.name {
    case "stringValue", "bytesValue": text(member.value.text ?? "")
    case "boolValue": raw(member.value.bool == true ? "true" : "false")
    case "intValue", "doubleValue":
      let number = member.value.scalarText ?? ""
      if JSONWriter.isNumber(number) { raw(number) } else { text(number) }
    case "arrayValue":
      raw("[")
      for (index, element) in (member.value["values"]?.elements ?? []).enumerated() {
        if index > 0 { raw(",") }
        writeAny(element, depth: depth + 1)
      }
      raw("]")
    case "kvlistValue": writeList(member.value, depth: depth)
    default: raw("null")
    }
  }

  /// Writes `{"values": [{"key": ..., "value": ...}]}` as an object.
  mutating func writeList(_ node: JSONNode, depth: Int = 0) {
    raw("{")
    var isFirst = true
    for pair in node["values"]?.elements ?? [] {
      guard let key = pair["key"]?.text, let value = pair["value"] else { continue }
      if !isFirst { raw(",") }
      isFirst = false
      text(key)
      raw(":")
      writeAny(value, depth: depth + 1)
    }
    raw("}")
  }
}
