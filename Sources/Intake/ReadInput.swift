package import Model

/// Reads all sources into the one value that a review is made from.
///
/// Nothing stops it: what cannot be read is a problem of the result. The result does not depend on
/// the order of `sources`; a path that is given twice is read once.
///
/// - Parameters:
///   - sources: The inputs; files are sorted by path.
///   - vocabulary: What is known before; its `meanings` are filled for every action of the input.
///   - meaning: What an action means, by its name and, for a tool, its description and annotations;
///     called once for each action.
///   - wantedAttributes: The paths of events to keep, as the policies want them.
package func readInput(
  _ sources: [InputSource], vocabulary: Vocabulary,
  meaning: (_ action: String, _ description: String?, _ annotations: [NamedValue]) -> ActionMeaning,
  wantedAttributes: [String], limits: InputLimits = .standard
) -> ReviewInput {
  var reading = Reading(wantedAttributes: wantedAttributes, limits: limits)
  reading.words = vocabulary.words
  var input = ReviewInput(vocabulary: vocabulary)
  for (index, source) in sortedSources(sources).enumerated() {
    input.files.append(readFile(source, index: index, &reading, &input.problems))
  }
  input.symbols = reading.symbols
  input.statements = reading.statements
  input.trusts = reading.trusts
  input.table = reading.table
  mergeAgents(reading.agents, into: &input, limits: limits)
  input.table.sort()
  input.statements = input.statements.enumerated().sorted { left, right in
    (left.element.agent, left.element.position, left.offset)
      < (right.element.agent, right.element.position, right.offset)
  }.map(\.element)
  input.problems = Array(Set(input.problems)).sorted {
    ($0.file, $0.line, $0.reason, $0.consequence) < ($1.file, $1.line, $1.reason, $1.consequence)
  }
  fillMeanings(of: &input, meaning)
  return input
}

/// The sources by path, each once: `SourcePosition.file` is an index into these.
func sortedSources(_ sources: [InputSource]) -> [InputSource] {
  var sorted: [InputSource] = []
  for source in sources.sorted(by: { $0.path < $1.path }) where sorted.last?.path != source.path {
    sorted.append(source)
  }
  return sorted
}

private func readFile(
  _ source: InputSource, index: Int, _ reading: inout Reading, _ problems: inout [Problem]
) -> InputFile {
  var file = InputFile(
    path: source.path, type: nil, recognisedBecause: "it cannot be opened", sha256: "", bytes: 0)
  reading.file = Int32(clamping: index)
  reading.path = source.path
  reading.problems = ProblemLog(file: source.path, limits: reading.limits)
  let before = (
    events: reading.table.events.count, agents: reading.agents.count,
    statements: reading.statements.count
  )
  do {
    let bytes = InputBytes(reader: try source.open(), limits: reading.limits)
    let sketch = Sketch(bytes)
    let recognition = Recognition(sketch)
    file.type = recognition.source?.name
    file.recognisedBecause = recognition.because
    if let source = recognition.source {
      source.read(bytes, sketch, &reading)
    } else {
      reading.problem(line: 0, "not recognised: \(recognition.because)", "not read")
    }
    bytes.drain()
    for fault in bytes.faults { reading.problem(line: 0, fault.reason, fault.consequence) }
    file.sha256 = bytes.sha256
    file.bytes = bytes.rawCount
  } catch {
    reading.problem(line: 0, "cannot be opened: \(error)", "not read")
  }
  for event in reading.table.events[before.events...] where event.isTimed {
    file.firstEvent = min(file.firstEvent ?? event.time, event.time)
    file.lastEvent = max(file.lastEvent ?? event.time, event.time)
  }
  file.events = reading.table.events.count - before.events
  file.agents = reading.agents[before.agents...].count { $0.rank != .event }
  file.statements = reading.statements.count - before.statements
  file.problems = reading.problems.count
  problems += reading.problems.finished()
  return file
}

/// What every action means that an event or, by its whole name, a statement names.
private func fillMeanings(
  of input: inout ReviewInput,
  _ meaning: (String, String?, [NamedValue]) -> ActionMeaning
) {
  var tools: [String: (description: String?, annotations: [NamedValue])] = [:]
  for statement in input.statements {
    for action in statement.actions where !action.contains("*") && !action.contains("?") {
      let known = tools[action]
      tools[action] = (
        known?.description ?? statement.description,
        known?.annotations.isEmpty == false ? known?.annotations ?? [] : statement.annotations
      )
    }
  }
  var seen = SymbolSet()
  for event in input.table.events where seen.insert(event.action) {
    let action = input.symbols.text(event.action)
    if tools[action] == nil { tools[action] = (nil, []) }
  }
  for (action, tool) in tools where input.vocabulary.meanings[action] == nil {
    input.vocabulary.meanings[action] = meaning(action, tool.description, tool.annotations)
  }
}
