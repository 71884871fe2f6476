internal import Documents
internal import Model

/// Where each type of source begins and ends: what lies further back cannot have been seen, and
/// what is due later cannot be overdue.
struct LogStarts: Sendable {
  /// The first and last time by file index.
  private var starts: [Int64?] = []
  private var ends: [Int64] = []
  /// The last time of all, for events without a file.
  private var lastEnd = Int64.min
  /// Tasks whose own request is in the log: nothing that belongs to them came before it.
  private var requestedTasks: Set<Symbol> = []
  /// Who delegated what, for scopes.
  let delegators: Delegators

  init(_ input: ReviewInput, _ policies: [Policy], _ facts: TableFacts) {
    delegators = Delegators(input, policies, facts)
    if policies.contains(where: \.hasDeadline) { findEnds(input) }
    let looksBack = policies.contains { policy in
      (policy.excuse?.beforeNanoseconds ?? 0) > 0 || policy.needsThePast
    }
    if looksBack, !input.files.isEmpty { findStarts(input, facts) }
  }

  private mutating func findEnds(_ input: ReviewInput) {
    lastEnd = input.activity.times.last?.nanoseconds ?? lastEnd
    var lastOfType: [String: Int64] = [:]
    for file in input.files {
      guard let type = file.type, let last = file.lastEvent else { continue }
      lastOfType[type] = max(lastOfType[type] ?? Int64.min, last.nanoseconds)
    }
    ends = input.files.map { file in file.type.flatMap { lastOfType[$0] } ?? lastEnd }
  }

  /// The last time of the source of a file.
  func end(ofFile file: Int) -> Int64 { ends.indices.contains(file) ? ends[file] : lastEnd }

  private mutating func findStarts(_ input: ReviewInput, _ facts: TableFacts) {
    var firstOfType: [String: Int64] = [:]
    for file in input.files {
      guard let type = file.type, let first = file.firstEvent else { continue }
      firstOfType[type] = min(firstOfType[type] ?? Int64.max, first.nanoseconds)
    }
    starts = input.files.map { file in file.type.flatMap { firstOfType[$0] } }
    for index in facts.requests { requestedTasks.insert(input.table.events[Int(index)].task) }
  }

  /// Why a violation cannot be judged: `unless` looks back to before the log begins, and the key's
  /// own beginning is not in the log. Nil when it can.
  func reason(
    _ judgement: Judgement, _ policy: CompiledPolicy, _ run: KeyRun, _ fields: EventFields
  ) -> String? {
    guard let excuse = policy.policy.excuse, excuse.beforeNanoseconds < Int64.max,
      judgement.verdict.start >= 0
    else { return nil }
    let latest = judgement.latestStart
    let first = Int(latest >= 0 ? latest : judgement.verdict.start)
    return reason(
      lookingBack: excuse.beforeNanoseconds, from: first, what: "chain", policy, run, fields)
  }

  /// Why what came before an event cannot be judged: the log begins less than a span ahead of it,
  /// and the key's own beginning is not in the log. Nil when it can.
  func reason(
    lookingBack span: Int64, from candidate: Int, what: String, _ policy: CompiledPolicy,
    _ run: KeyRun, _ fields: EventFields
  ) -> String? {
    guard span > 0, run.isTimed else { return nil }
    let event = fields.table.events[Int(run.candidates[candidate].event)]
    let file = Int(event.position.file)
    guard event.run == 0, !requestedTasks.contains(event.task), starts.indices.contains(file),
      let start = starts[file]
    else { return nil }
    guard Policies.span(from: start, to: run.times[candidate]) < span else { return nil }
    let begins = Timestamp(nanoseconds: start, fractionDigits: 0).rfc3339
    if span == Int64.max { return "the log begins at \(begins), and the key may be older" }
    let before = durationText(nanoseconds: span)
    return "the log begins at \(begins), less than \(before) ahead of the \(what)"
  }
}

extension Policy {
  /// Whether it has obligations with a deadline.
  fileprivate var hasDeadline: Bool {
    if case .require(let requirement) = rule { return requirement.direction == .obligation }
    return false
  }

  /// Whether it has preconditions.
  fileprivate var needsThePast: Bool {
    if case .require(let requirement) = rule { return requirement.direction == .precondition }
    return false
  }
}
