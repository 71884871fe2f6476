package import Model

/// Reads all sources into the one value that a review is made from.
///
/// Nothing stops it: what cannot be read is a problem of the result. The result does not depend on
/// the order of `sources`, nor on the number of threads; a path that is given twice is read once.
///
/// Events whose time is far beyond all others are kept and do not count as use: the clock that
/// wrote them must be wrong. See `TimeSpread.plausible`.
package func readInput(_ sources: [InputSource], _ options: ReadingOptions) -> ReviewInput {
  let sorted = sortedSources(sources)
  var options = options
  var read = readPieces(sorted, options)
  if let duplicates = read.merged.missedDuplicates() {
    options.duplicates = duplicates
    readAgain(sorted, options, &read)
  }
  let times = read.merged.activity.times
  if let plausible = times.plausible, let first = times.first, let last = times.last,
    plausible != first...last
  {
    options.activity = options.activity.within(plausible)
    options.plausible = plausible
    readAgain(sorted, options, &read)
  }
  if let links = read.merged.links.joining {
    options.links = links
    readAgain(sorted, options, &read)
    // A request of a task may have started a session, and an event of that one another.
    if let more = links.with(read.merged.links) {
      options.links = more
      readAgain(sorted, options, &read)
    }
  }
  return reviewInput(of: &read, options)
}

/// Reads all once more, knowing more; the digests of the files are those of the first time.
private func readAgain(
  _ sources: [InputSource], _ options: ReadingOptions,
  _ read: inout (files: [InputFile], merged: MergedReading)
) {
  let digests = read.files.map(\.sha256)
  read = ([], MergedReading(options))
  options.memory?.store.removeAll()
  var options = options
  options.isHashed = false
  read = readPieces(sources, options)
  for index in read.files.indices { read.files[index].sha256 = digests[index] }
}

private func reviewInput(
  of read: inout (files: [InputFile], merged: MergedReading), _ options: ReadingOptions
) -> ReviewInput {
  var input = ReviewInput(vocabulary: options.vocabulary)
  input.files = read.files
  input.sourceTypes = sourceTypes
  input.symbols = read.merged.symbols
  input.statements = read.merged.takeStatements()
  input.trusts = read.merged.trusts
  input.reportedUses = read.merged.reportedUses
  input.credentials = read.merged.credentials
  input.table = read.merged.table
  input.spilled = read.merged.spilled
  input.activity = read.merged.activity
  input.problems = read.merged.problems
  (input.joins.tasks, input.joins.clocks) = read.merged.joins.finished(sourceTypes)
  let granted = read.merged.cluster.grant(
    knowing: read.merged.agents, options.vocabulary, into: &input)
  note(granted.problems, in: &input, limits: options.limits)
  let reached = read.merged.account.reach(knowing: read.merged.agents, into: &input)
  note(reached, in: &input, limits: options.limits)
  let unresolved = read.merged.cloud.grant(
    knowing: read.merged.agents, options.vocabulary, into: &input)
  note(unresolved, in: &input, limits: options.limits)
  mergeAgents(
    read.merged.agents + granted.agents, delegators: read.merged.delegators,
    sessions: read.merged.sessions, into: &input, limits: options.limits)
  note(input.disagreementsWithReports, in: &input, limits: options.limits)
  note(input.clockProblems, in: &input, limits: options.limits)
  input.table.sort()
  sort(&input.statements)
  input.problems = Array(Set(input.problems)).sorted {
    ($0.file, $0.line, $0.reason, $0.consequence) < ($1.file, $1.line, $1.reason, $1.consequence)
  }
  fillMeanings(of: &input, options)
  return input
}

/// Brings statements into the order of agent and place; those of one place stay as they were read.
private func sort(_ statements: inout [Statement]) {
  func precedes(_ left: Statement, _ right: Statement) -> Bool {
    left.agent == right.agent ? left.position < right.position : left.agent < right.agent
  }
  if zip(statements, statements.dropFirst()).allSatisfy({ !precedes($1, $0) }) { return }
  // The library's sort keeps the order of equals, which its documentation does not promise.
  statements = statements.enumerated().sorted { left, right in
    if precedes(left.element, right.element) { return true }
    return !precedes(right.element, left.element) && left.offset < right.offset
  }.map(\.element)
}

/// The types that a file can have, sorted: a source's number is its index.
let sourceTypes: [String] = (Source.all.map(\.name) + ["unknown"]).sorted()

/// The sources by path, each once: `SourcePosition.file` is an index into these.
func sortedSources(_ sources: [InputSource]) -> [InputSource] {
  var sorted: [InputSource] = []
  for source in sources.sorted(by: { $0.path < $1.path }) where sorted.last?.path != source.path {
    sorted.append(source)
  }
  return sorted
}

/// What every action means that an event or, by its whole name, a statement names.
private func fillMeanings(of input: inout ReviewInput, _ options: ReadingOptions) {
  var tools: [String: (description: String?, annotations: [NamedValue])] = [:]
  for statement in input.statements {
    let saysNothing = statement.description == nil && statement.annotations.isEmpty
    for action in statement.actions
    where !action.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
      let known = tools[action]
      if saysNothing, known != nil { continue }
      tools[action] = (
        known?.description ?? statement.description,
        known?.annotations.isEmpty == false ? known?.annotations ?? [] : statement.annotations
      )
    }
  }
  for action in input.activity.eventsOfActions().keys {
    let name = input.symbols.text(action)
    if tools[name] == nil { tools[name] = (nil, []) }
  }
  for (action, tool) in tools where input.vocabulary.meanings[action] == nil {
    input.vocabulary.meanings[action] = options.meaning(
      action, tool.description, tool.annotations)
  }
}
