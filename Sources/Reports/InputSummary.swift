package import Model
package import Policies

/// What was read, in numbers.
package struct InputSummary: Sendable {
  package var files: [InputFile]
  package var problems: [Problem]
  package var events: Int
  package var firstEvent: Timestamp?
  package var lastEvent: Timestamp?
  package var statements: Int
  package var vocabularyVersion: String
  /// Actions seen or held that nothing classifies, with their event counts; sorted by name.
  package var unclassifiedActions: [NamedCount]

  /// A summary of its parts.
  package init(
    files: [InputFile], problems: [Problem], events: Int, firstEvent: Timestamp?,
    lastEvent: Timestamp?, statements: Int, vocabularyVersion: String,
    unclassifiedActions: [NamedCount]
  ) {
    self.files = files
    self.problems = problems
    self.events = events
    self.firstEvent = firstEvent
    self.lastEvent = lastEvent
    self.statements = statements
    self.vocabularyVersion = vocabularyVersion
    self.unclassifiedActions = unclassifiedActions
  }
}

extension InputSummary {
  /// The numbers of an input, with the actions that nothing classifies.
  package init(_ input: ReviewInput) {
    var counts: [Symbol: Int] = [:]
    for event in input.table.events { counts[event.action, default: 0] += 1 }
    let unclassified = counts.compactMap { action, count -> NamedCount? in
      let name = input.symbols.text(action)
      guard input.vocabulary.meaning(of: name).origin == .none else { return nil }
      return NamedCount(name: name, count: count)
    }
    let times = input.table.events.lazy.filter(\.isTimed).map(\.time)
    self.init(
      files: input.files, problems: input.problems, events: input.table.events.count,
      firstEvent: times.min(), lastEvent: times.max(), statements: input.statements.count,
      vocabularyVersion: input.vocabulary.version,
      unclassifiedActions: unclassified.sorted { $0.name < $1.name })
  }
}
