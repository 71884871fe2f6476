/// A message in any of the shapes that transcripts have, as the reader of runs takes it.
///
/// LangChain and LangGraph write `type` where others write `role`, and wrap a message in `data`
/// (`messages_to_dict`) or in the arguments of its constructor (`dumpd`).
struct TranscriptMessage {
  /// What holds the message's own members.
  let node: JSONNode
  /// `user`, `assistant`, `tool`, `system` or another; nil where none is said.
  let role: String?
  /// The agent that a message of a model names as its author.
  let author: String?

  init(_ message: JSONNode) {
    var node = message
    var role = message["role"]?.text
    if role == nil, let type = message["type"]?.text {
      if type == "constructor", let arguments = message["kwargs"] {
        node = arguments
        role = TranscriptMessage.role(ofClass: message["id"]?.elements.last?.text)
      } else {
        role = TranscriptMessage.roles[type]
        if role != nil, let data = message["data"], data.isObject { node = data }
      }
    }
    self.node = node
    self.role = role ?? node["role"]?.text
    // An item that is a call has the tool's name there.
    let isCall = node["type"]?.text?.hasSuffix("_call") == true
    author = self.role == "assistant" && !isCall ? node["name"]?.filledText : nil
  }

  /// The roles of LangChain's types of messages.
  static let roles = [
    "human": "user", "HumanMessageChunk": "user", "ai": "assistant",
    "AIMessageChunk": "assistant", "tool": "tool", "function": "function", "system": "system",
  ]

  private static func role(ofClass name: String?) -> String? {
    switch name {
    case "HumanMessage", "HumanMessageChunk": return "user"
    case "AIMessage", "AIMessageChunk": return "assistant"
    case "ToolMessage", "FunctionMessage": return "tool"
    case "SystemMessage": return "system"
    default: return nil
    }
  }
}

/// A call of a tool that the model's own platform runs, as OpenAI's Responses interface writes it:
/// an item with the call, its end, and sometimes its result.
struct HostedCall {
  let tool: String
  /// JSON.
  let arguments: [UInt8]
  let id: String?
  /// Whether it ended, and well; nil where the item does not say.
  let isFailed: Bool?
  let result: JSONNode?

  /// Reads an item; nil where it is none.
  init?(_ item: JSONNode) {
    guard let type = item["type"]?.text, type.hasSuffix("_call"), type != "function_call",
      type != "tool_call"
    else { return nil }
    id = item["call_id"]?.filledText ?? item["id"]?.filledText
    result = item["output"] ?? item["results"] ?? item["outputs"]
    if type == "mcp_call" || type == "custom_tool_call" {
      tool = item["name"]?.filledText ?? type
    } else {
      tool = String(type.dropLast("_call".count))
    }
    let given = item["arguments"] ?? item["input"] ?? item["action"]
    if let text = given?.text {
      arguments = text.utf8.first == UInt8(ascii: "{") ? Array(text.utf8) : []
    } else if let given, given.isObject {
      arguments = Array(JSONWriter.sortedText(given).utf8)
    } else {
      var writer = JSONWriter()
      writer.raw("{\"code\":")
      writer.text(item["code"]?.text ?? "")
      writer.raw("}")
      arguments = item["code"] == nil ? [] : writer.bytes
    }
    if item["error"] != nil {
      isFailed = true
    } else {
      switch item["status"]?.text {
      case "completed": isFailed = false
      case "failed", "incomplete": isFailed = true
      default: isFailed = result == nil ? nil : false
      }
    }
  }
}
