import Model
import Policies

/// A small generator whose seed can be printed (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}

/// A random policy, as its text, and a random trace.
struct RandomCase {
  let seed: UInt64
  let kind: String
  var policyText = ""
  var events: [BruteEvent] = []
  let isTimed: Bool
  /// When the log begins, in minutes; nil where nothing is known of that.
  var logStart: Int?
  /// Names of registers bound so far and the field that each holds.
  var bound: [String: String] = [:]
  /// The registers that the first step binds: the only ones that `until` sees.
  var boundFirst: [String: String] = [:]
  /// Whether steps ask for values that flow.
  var usesFlows = false
  var random: SeededGenerator

  static let capabilities = [
    "cap.a", "cap.b", "cap.c", "cap.x", "cap.y", "task.end", "task.request",
  ]

  static let kinds =
    Array(repeating: "forbid", count: 9) + Array(repeating: "limit", count: 4)
    + ["require", "require", "order", "order", "scope"]

  /// Agents of the inventory, in the syntax of examples; `dan` is in none.
  static let agents = "ann kind=user\nbot kind=agent\ncal kind=agent"
  static let agentKinds = ["ann": "user", "bot": "agent", "cal": "agent"]

  init(seed: UInt64) {
    self.seed = seed
    var random = SeededGenerator(seed: seed)
    kind = random.pick(Self.kinds)
    isTimed = random.chance(92)
    self.random = random
    makePolicy()
    makeTrace()
  }

  /// The text of the case, for a report of a mismatch.
  var text: String {
    let start = logStart.map { "# the log begins at minute \($0)\n" } ?? ""
    return policyText + "\n" + start + events.map(\.exampleLine).joined(separator: "\n")
  }

  /// The number of orders that a brute force would have to try, roughly.
  var orderCount: Int {
    BruteForce.groups(of: events, isTimed: isTimed).reduce(1) { product, group in
      group.isEmpty ? product : min(1_000_000, product * (1...group.count).reduce(1, *))
    }
  }

  // MARK: The trace

  private mutating func makeTrace() {
    let count = random.pick([4, 6, 7, 8, 9, 10, 11, 12])
    var time = 0
    let isOrdered = random.chance(20)
    // Policies that follow work through its delegation mean something only over several links.
    let hasLinks = policyText.contains("delegation:") || policyText.contains("per: root-task")
    let hasParents = !isOrdered && (random.chance(25) || hasLinks)
    let hasDuplicates = !hasParents && random.chance(15)
    let xs = random.pick([["p", "p", "q", "q"], ["p", "q", "r"], ["p", "q", "r", "s"]])
    let hasManyAgents = random.chance(35) || hasLinks
    let runs = isTimed || random.chance(70) ? [1] : [1, 2]
    let steps = random.pick([[0, 1, 1], [0, 1, 1, 2], [0, 1, 1, 1, 1], [1, 1, 2]])
    let tasks = hasLinks ? ["T1", "T1", "T2", "T3"] : ["T1", "T1", "T1", "T2"]
    for line in 0..<count {
      time += random.pick(steps)
      var event = BruteEvent(
        line: line, id: "e\(line)", time: isTimed ? time : nil, action: anAction())
      if !isTimed { event.run = random.pick(runs) }
      if hasDuplicates, line > 0, random.chance(20) {
        event.id = "e\(Int.random(in: 0..<line, using: &random))"
      }
      if isOrdered, isTimed, random.chance(70) {
        event.order = Int.random(in: 0..<4, using: &random)
      }
      event.fields["agent"] = [.text(hasManyAgents ? random.pick(Self.someAgents) : "bot")]
      if random.chance(96) {
        event.fields["task"] = [.text(random.pick(tasks))]
      }
      if random.chance(85) { event.fields["session"] = [.text(random.pick(["S1", "S1", "S2"]))] }
      if hasParents, line > 0, random.chance(hasLinks ? 65 : 40) { setParent(of: &event) }
      if random.chance(hasLinks ? 40 : 10), hasManyAgents { setDelegator(of: &event) }
      if random.chance(8) { event.outcome = random.pick([.denied, .failed, .unknown]) }
      addAttributes(to: &event, xs)
      if usesFlows { addTokens(to: &event) }
      events.append(event)
    }
    if random.chance(usesFlows || kind == "scope" ? 60 : 12) { addRequest() }
    if isTimed, random.chance(12) { logStart = random.pick([0, 0, -1, -3]) }
    if kind == "order" || kind == "require", random.chance(35), !events.isEmpty { addEnd(time) }
    events.sort {
      ($0.time ?? $0.run, isTimed ? $0.order : 0, $0.line) < (
        $1.time ?? $1.run, isTimed ? $1.order : 0, $1.line
      )
    }
  }

  private static let someAgents = ["ann", "bot", "bot", "cal", "dan"]

  private mutating func anAction() -> String {
    random.pick([
      "cap.a", "cap.a", "cap.a", "cap.b", "cap.b", "cap.b", "cap.b", "cap.c", "cap.c", "cap.x",
      "cap.y",
    ])
  }

  private mutating func addAttributes(to event: inout BruteEvent, _ xs: [String]) {
    if random.chance(80) { event.fields["color"] = [.text(random.pick(["red", "red", "blue"]))] }
    if random.chance(85) {
      event.fields["amount"] = [.number(Double(random.pick([-2, -1, 0, 1, 2, 2, 3])))]
    }
    for name in ["x", "y"] where random.chance(88) {
      let value = random.pick(xs)
      let other = random.pick(xs)
      let isList = random.chance(15) && other != value
      event.fields[name] = isList ? [.text(value), .text(other)] : [.text(value)]
    }
  }

  /// Texts with distinctive tokens; rarely one without any.
  private mutating func addTokens(to event: inout BruteEvent) {
    let texts = ["case 111111", "222222", "111111 222222", "333333", "nothing", "222222 333333"]
    for name in ["result", "args.to", "args.cc"] where random.chance(name == "args.cc" ? 30 : 75) {
      event.fields[name] = [.text(random.pick(texts))]
    }
  }

  /// The parent is an earlier event, of a task that comes no later, so that there are no cycles.
  private mutating func setParent(of event: inout BruteEvent) {
    let parent = random.pick(events)
    if (parent.task ?? "T9") <= (event.task ?? "T0") { event.parent = parent.id }
  }

  /// The delegator comes earlier in the alphabet, so that there are no cycles.
  private mutating func setDelegator(of event: inout BruteEvent) {
    let earlier = ["ann", "bot", "cal"].filter { .text($0) < event.fields["agent"]?.first }
    if !earlier.isEmpty { event.fields["delegatedBy"] = [.text(random.pick(earlier))] }
  }

  /// An end of a task, often the last of its events.
  private mutating func addEnd(_ last: Int) {
    let line = events.count
    let time = random.chance(60) ? last : Int.random(in: 0...last, using: &random)
    var event = BruteEvent(line: line, id: "end", time: isTimed ? time : nil, action: "task.end")
    event.run = isTimed ? 0 : 1
    event.fields["agent"] = [.text("bot")]
    event.fields["task"] = [.text("T1")]
    event.fields["session"] = [.text("S1")]
    if random.chance(60) { event.fields["color"] = [.text("red")] }
    events.append(event)
  }

  private mutating func addRequest() {
    var event = BruteEvent(
      line: events.count, id: "request", time: isTimed ? 0 : nil, action: "task.request")
    event.run = isTimed ? 0 : 1
    event.fields["agent"] = [.text("bot")]
    event.fields["task"] = [.text("T1")]
    if kind == "scope", random.chance(80) {
      event.fields["scope"] = random.pick([[.text("p")], [.text("p"), .text("q")], [.text("r")]])
    }
    if usesFlows, random.chance(85) {
      event.fields["args.text"] = [.text(random.pick(["about 111111", "222222", "nothing"]))]
    }
    events.insert(event, at: 0)
  }
}

extension BruteEvent.AttributeText {
  static func < (left: Self, right: Self?) -> Bool {
    guard case .text(let left) = left, case .text(let right)? = right else { return false }
    return left < right
  }
}

extension BruteEvent {
  /// The event in the syntax of examples.
  var exampleLine: String {
    var parts: [String] = []
    if let time {
      let minute = time % 60 < 10 ? "0\(time % 60)" : "\(time % 60)"
      parts.append("1\(time / 60):\(minute)")
    } else {
      parts.append("-")
    }
    parts += [values("agent").first?.text ?? "bot", action]
    if outcome != .allowed { parts.append("outcome=\(outcome.word)") }
    if let id { parts.append("id=\(id)") }
    if let parent { parts.append("parent=\(parent)") }
    if order >= 0 { parts.append("order=\(order)") }
    if time == nil { parts.append("run=\(run)") }
    for (name, values) in fields.sorted(by: { $0.key < $1.key }) where name != "agent" {
      let isText = name == "result" || name.hasPrefix("args.")
      let texts = values.map { isText ? "\"\($0.text)\"" : $0.text }
      parts.append(
        "\(name)=" + (texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ","))]"))
    }
    return parts.joined(separator: " ")
  }
}
