internal import Model

/// One run of an agent as its transcript tells it, gathered before it becomes events: what names
/// the run and its agent may stand after the messages.
struct TranscriptRun {
  /// A call of a tool, and what its result said.
  struct Call {
    var tool: String
    /// The arguments as JSON text.
    var arguments: [UInt8]
    /// The id by which its result must name it.
    var id: String?
    /// The agent that called it, where that is another than the run's.
    var agent: String?
    var line: Int
    var time: Timestamp?
    var outcome = Outcome.unknown
    var hasResult = false
    /// The result's text, where a policy asks for results.
    var result: String?
  }

  /// The calls of one id, in order; most runs give an id to one call only.
  private struct Places {
    var all: [Int] = []
    private var used = 0

    mutating func next(where isOpen: (Int) -> Bool) -> Int? {
      while used < all.count {
        used += 1
        if isOpen(all[used - 1]) { return all[used - 1] }
      }
      return nil
    }
  }

  /// Single values that name the run, its agent and its model, by path.
  private(set) var names: [String: String] = [:]
  /// The text of the first message of the user.
  private(set) var request: (text: String, line: Int, time: Timestamp?)?
  private(set) var calls: [Call] = []
  /// The tools that the agent was offered.
  private(set) var tools: [ListedTool] = []
  private(set) var messages = 0
  /// The agents that messages of models name as their authors, in order.
  private(set) var authors: [String] = []
  private let keepsResults: Bool
  private var placesByID: [String: Places] = [:]
  /// No call before this one is without a result.
  private var firstOpen = 0

  init(keepsResults: Bool) { self.keepsResults = keepsResults }

  /// Notes a member of the run that is neither messages nor tools.
  mutating func add(member name: String, _ value: JSONNode) {
    guard !TranscriptRun.answers.contains(name) else { return }
    if let text = value.scalarText, !text.isEmpty { names[name] = names[name] ?? text }
    if name == "conversation", let id = value["id"]?.filledText { names["conversation_id"] = id }
    // LangGraph keeps the thread in the configuration of a state.
    if name == "config", let id = value["configurable"]?["thread_id"]?.filledText {
      names["thread_id"] = id
    }
    if name == "checkpoint", let id = value["thread_id"]?.filledText { names["thread_id"] = id }
    guard name == "metadata" else { return }
    for inner in value.members {
      if let text = inner.value.scalarText, !text.isEmpty { names["metadata.\(inner.name)"] = text }
    }
  }

  /// Notes a tool.
  mutating func add(tool node: JSONNode, line: Int) {
    if let tool = ListedTool(node, line: line) { tools.append(tool) }
  }

  /// Notes a message: a request, calls of tools, results of calls. Returns what is wrong with it.
  ///
  /// - Parameter at: When it was written, where that stands outside of it.
  mutating func add(message given: JSONNode, line: Int, at: Timestamp? = nil) -> [String] {
    messages += 1
    let read = TranscriptMessage(given)
    let message = read.node
    let time = at ?? TranscriptRun.time(of: message)
    let content = message["content"]
    var flaws: [String] = []
    let firstCall = calls.count
    for call in message["tool_calls"]?.elements ?? [] {
      flaws += add(call: call, line: line, time: time)
    }
    if let call = message["function_call"] { flaws += add(call: call, line: line, time: time) }
    flaws += add(item: message, line: line, time: time)
    var hasResults = false
    for block in content?.elements ?? [] {
      switch block["type"]?.text {
      // LangChain repeats these calls in `tool_calls`, by the same ids.
      case "tool_use" where message["tool_calls"]?.elements.isEmpty ?? true:
        flaws += add(call: block, line: line, time: time)
      case "tool_result":
        hasResults = true
        flaws += settle(
          id: block["tool_use_id"]?.filledText, tool: nil,
          isError: block["is_error"]?.bool == true, result: block["content"])
      default: break
      }
    }
    switch read.role {
    case "tool", "function":
      let id = message["tool_call_id"]?.filledText ?? message["tool_call"]?["id"]?.filledText
      flaws += settle(
        id: id, tool: message["name"]?.filledText, isError: TranscriptRun.isError(message),
        result: content)
    case "user", "human":
      if request == nil, !hasResults, let text = TranscriptRun.text(of: content), !text.isEmpty {
        request = (text, line, time)
      }
    default: break
    }
    if let author = read.author {
      authors += authors.contains(author) ? [] : [author]
      for index in firstCall..<calls.count { calls[index].agent = author }
    }
    return flaws
  }

  /// Notes an item of OpenAI's Responses interface.
  private mutating func add(item: JSONNode, line: Int, time: Timestamp?) -> [String] {
    switch item["type"]?.text {
    case "function_call": return add(call: item, line: line, time: time)
    case "function_call_output", "custom_tool_call_output", "local_shell_call_output":
      return settle(
        id: item["call_id"]?.filledText ?? item["id"]?.filledText, tool: nil, isError: false,
        result: item["output"])
    case "mcp_list_tools":
      for tool in item["tools"]?.elements ?? [] { add(tool: tool, line: line) }
      return []
    default: break
    }
    guard let hosted = HostedCall(item) else { return [] }
    var call = Call(
      tool: hosted.tool, arguments: hosted.arguments, id: hosted.id, agent: nil, line: line,
      time: time)
    if let isFailed = hosted.isFailed {
      call.hasResult = true
      call.outcome = isFailed ? .failed : .allowed
      if keepsResults { call.result = TranscriptRun.text(of: hosted.result) }
    }
    if let id = hosted.id { placesByID[id, default: Places()].all.append(calls.count) }
    calls.append(call)
    return []
  }

  private mutating func add(call: JSONNode, line: Int, time: Timestamp?) -> [String] {
    let function = call["function"]
    let named = function.flatMap { $0.isObject ? $0 : nil } ?? call
    guard let tool = function?.filledText ?? named["name"]?.filledText else {
      return ["a tool call without a name"]
    }
    let given =
      named["arguments"] ?? named["args"] ?? named["input"] ?? call["arguments"] ?? call["args"]
    var flaws: [String] = []
    var arguments: [UInt8] = []
    if let given {
      if given.isObject {
        arguments = Array(JSONWriter.sortedText(given).utf8)
      } else if let text = given.text {
        arguments = Array(text.utf8)
      } else {
        flaws.append("the arguments of \(quoted(tool)) are \(given.kindWord)")
      }
    }
    // In the Responses shape `call_id` is what the result names, and `id` is the item's own.
    let id = call["call_id"]?.filledText ?? call["id"]?.filledText
    if let id { placesByID[id, default: Places()].all.append(calls.count) }
    calls.append(
      Call(tool: tool, arguments: arguments, id: id, agent: nil, line: line, time: time))
    return flaws
  }

  /// Gives a result to its call: the one of its id, else, where ids say nothing, the next of its
  /// tool, else the next. Returns what is wrong with it.
  private mutating func settle(
    id: String?, tool: String?, isError: Bool, result: JSONNode?
  ) -> [String] {
    while firstOpen < calls.count, calls[firstOpen].hasResult { firstOpen += 1 }
    let index: Int?
    if let id, placesByID[id] != nil {
      index = placesByID[id]?.next(where: { !calls[$0].hasResult })
    } else {
      // Results come soon after their calls: a few places ahead are enough to look at.
      let near = (firstOpen..<min(firstOpen + 64, calls.count)).filter {
        !calls[$0].hasResult && (id == nil || calls[$0].id == nil)
      }
      index = near.first { tool != nil && calls[$0].tool == tool } ?? near.first
    }
    guard let index else { return ["a result of no call"] }
    calls[index].hasResult = true
    calls[index].outcome = isError ? .failed : .allowed
    if keepsResults { calls[index].result = TranscriptRun.text(of: result) }
    return []
  }

  /// Who gave its work to whom: the first call of `transfer_to_NAME`, or of another such tool, for
  /// each agent that afterwards speaks under that name.
  ///
  /// - Parameter agent: Who calls where a message names nobody.
  func handoffs(of agent: String) -> [Handoff] {
    var found: [Handoff] = []
    for (index, call) in calls.enumerated() where call.outcome != .failed {
      guard let name = TranscriptRun.handoffTools.lazy.compactMap(call.tool.rest(after:)).first,
        let receiver = authors.first(where: { TranscriptRun.isSame($0, name) })
      else { continue }
      let giver = call.agent ?? agent
      if giver != receiver { found.append(Handoff(call: index, from: giver, to: receiver)) }
    }
    return found
  }

  /// A call by which an agent gave its work to another.
  struct Handoff {
    /// The place of the call.
    var call: Int
    var from: String
    var to: String
  }

  private static let handoffTools = [
    "transfer_to_", "transfer_back_to_", "handoff_to_", "hand_off_to_", "delegate_to_",
  ]

  /// Whether a tool's name says an agent's: without regard to case, and to what is no letter.
  private static func isSame(_ agent: String, _ name: Substring) -> Bool {
    func folded(_ text: some StringProtocol) -> [Character] {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return folded(agent) == folded(name)
  }

  private static func isError(_ message: JSONNode) -> Bool {
    if message["is_error"]?.bool == true || message["status"]?.text == "error" { return true }
    guard let error = message["error"] else { return false }
    return error.bool ?? (error.text != "")
  }

  /// The text of a message: itself, or its blocks of text one after the other.
  private static func text(of content: JSONNode?) -> String? {
    guard let content else { return nil }
    if let text = content.text { return text }
    if content.isObject { return content["text"]?.text ?? JSONWriter.sortedText(content) }
    let texts = content.elements.compactMap { $0.text ?? $0["text"]?.text }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }

  private static func time(of message: JSONNode) -> Timestamp? {
    for name in ["timestamp", "created_at", "time"] {
      guard let node = message[name] else { continue }
      if let text = node.text { return Timestamp(rfc3339: text) }
      if let integer = node.number?.integer {
        // Seconds until the year 5138, milliseconds from 1973 on.
        return integer.magnitude < 100_000_000_000
          ? Timestamp(seconds: integer) : Timestamp(milliseconds: integer)
      }
    }
    return nil
  }

  /// Members that judge a run, as test sets have them: never read.
  private static let answers: Set<String> = [
    "attack_success", "attack_type", "attacked", "expected", "ground_truth", "injection_task_id",
    "injections", "kind", "label", "labels", "score", "security", "utility",
  ]
}

extension String {
  /// What follows a beginning; nil where the text begins otherwise, or nothing follows.
  fileprivate func rest(after start: String) -> Substring? {
    hasPrefix(start) && count > start.count ? dropFirst(start.count) : nil
  }
}
