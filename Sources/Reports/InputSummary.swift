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
  /// Which names and ids of different sources were taken for one.
  package var joins = Joins()
  /// Every identity that an input names, those that are no agents of the review with them: what is
  /// sent to one owner must not name the others'.
  package var identities: [Agent] = []

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
    let unclassified = input.activity.eventsOfActions().compactMap { action, count -> NamedCount? in
      let name = input.symbols.text(action)
      guard input.vocabulary.meaning(of: name).origin == .none else { return nil }
      return NamedCount(name: name, count: count)
    }
    let times = input.activity.times
    self.init(
      files: input.files, problems: input.problems, events: input.activity.events,
      firstEvent: times.first, lastEvent: times.last, statements: input.statements.count,
      vocabularyVersion: input.vocabulary.version,
      unclassifiedActions: unclassified.sorted { $0.name < $1.name })
    joins = input.joins
    identities = input.agents
  }
}
