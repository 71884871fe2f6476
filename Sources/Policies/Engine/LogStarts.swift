internal import Documents
internal import Model

/// Where each type of source begins: an excuse looked for further back cannot have been seen.
struct LogStarts: Sendable {
  /// The first time by file index.
  private var starts: [Int64?]
  /// Tasks whose own request is in the log: nothing that belongs to them came before it.
  private var requestedTasks: Set<Symbol> = []

  init(_ input: ReviewInput, _ policies: [Policy]) {
    let looksBack = policies.contains { ($0.excuse?.beforeNanoseconds ?? 0) > 0 }
    guard looksBack, !input.files.isEmpty else {
      starts = []
      return
    }
    var firstOfType: [String: Int64] = [:]
    for file in input.files {
      guard let type = file.type, let first = file.firstEvent else { continue }
      firstOfType[type] = min(firstOfType[type] ?? Int64.max, first.nanoseconds)
    }
    starts = input.files.map { file in file.type.flatMap { firstOfType[$0] } }
    let word = "task.request"
    var isRequest: [Symbol: Bool] = [:]
    for event in input.table.events where event.task.isPresent {
      if let known = isRequest[event.action] {
        if known { requestedTasks.insert(event.task) }
        continue
      }
      let name = input.symbols.text(event.action)
      let known =
        name == word || input.vocabulary.meaning(of: name).capabilities.contains(word)
      isRequest[event.action] = known
      if known { requestedTasks.insert(event.task) }
    }
  }

  /// Why a violation cannot be judged: `unless` looks back to before the log begins, and the key's
  /// own beginning is not in the log. Nil when it can.
  func reason(
    _ judgement: Judgement, _ policy: CompiledPolicy, _ run: KeyRun, _ fields: EventFields
  ) -> String? {
    guard let excuse = policy.policy.excuse, excuse.beforeNanoseconds > 0,
      excuse.beforeNanoseconds < Int64.max, run.isTimed, judgement.verdict.start >= 0
    else { return nil }
    let latest = judgement.latestStart
    let first = Int(latest >= 0 ? latest : judgement.verdict.start)
    let event = fields.table.events[Int(run.candidates[first].event)]
    let file = Int(event.position.file)
    guard event.run == 0, !requestedTasks.contains(event.task), starts.indices.contains(file),
      let start = starts[file]
    else { return nil }
    guard span(from: start, to: run.times[first]) < excuse.beforeNanoseconds else { return nil }
    let begins = Timestamp(nanoseconds: start, fractionDigits: 0).rfc3339
    let before = durationText(nanoseconds: excuse.beforeNanoseconds)
    return "the log begins at \(begins), less than \(before) ahead of the chain"
  }
}
