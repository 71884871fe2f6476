/// One file that was read, what it was taken for, and what it gave.
package struct InputFile: Sendable, Equatable {
  /// The path as the user would name it, relative to the reviewed folder, with `/`.
  package var path: String
  /// The source type, for example `aws-cloudtrail`; nil when it was not recognised.
  package var type: String?
  /// The platform that its type tells of, for example `aws`; nil for one that may tell of any.
  package var platform: String?
  /// Why it was taken for that type, or why for none.
  package var recognisedBecause: String
  /// Lower-case hex SHA-256 of the bytes as they lie in the file; nil where it was not made.
  package var sha256: String?
  /// Bytes as they lie in the file.
  package var bytes: Int
  /// Events, agents, privilege statements that it gave.
  package var events: Int = 0
  package var agents: Int = 0
  package var statements: Int = 0
  /// The first and last timed event.
  package var firstEvent: Timestamp?
  package var lastEvent: Timestamp?
  /// Problems found in it.
  package var problems: Int = 0

  /// A file before it is read.
  package init(
    path: String, type: String?, recognisedBecause: String, sha256: String?, bytes: Int
  ) {
    self.path = path
    self.type = type
    self.recognisedBecause = recognisedBecause
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// Everything that a review is made from, as intake read it: values only, no handle to a file.
package struct ReviewInput: Sendable {
  /// The files, sorted by path; `SourcePosition.file` is an index into these.
  package var files: [InputFile] = []
  /// The identities, sorted by id; one for each id that an inventory, a grant or an event names.
  package var agents: [Agent] = []
  /// The privilege statements, in order of agent id and position.
  package var statements: [Statement] = []
  /// Who may act as whom.
  package var trusts: [Trust] = []
  /// Uses that reports of platforms tell, in the order of their places.
  package var reportedUses: [ReportedUse] = []
  /// Keys, passwords and the like, in the order of their places.
  package var credentials: [Credential] = []
  /// The events that are kept one by one, sorted (see `EventTable.sort`), aliases already resolved
  /// to agent ids.
  package var table = EventTable()
  /// The events that are kept one by one and did not fit in memory: then all of them, and `table`
  /// holds only those that matches name, once they were judged.
  package var spilled: SpilledEvents?
  /// All events, tallied, under the ids of their agents. The bits of its source types are indexes
  /// into `sourceTypes`.
  package var activity = ActivityTable()
  /// The types that a file can have, sorted, at most 64.
  package var sourceTypes: [String] = []
  /// Which names and ids of different sources were taken for one agent or task, and by which rule.
  package var joins = Joins()
  /// The texts of the events.
  package var symbols = Symbols()
  /// What the actions mean.
  package var vocabulary: Vocabulary
  /// Problems, sorted by file, line, reason.
  package var problems: [Problem] = []

  /// An empty input over a vocabulary.
  package init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Adds an event with its attributes, and tallies it.
  ///
  /// - Parameter source: The number of its source type.
  package mutating func append(_ event: Event, _ attributes: [Attribute], source: Int) {
    table.append(event, attributes)
    tally(event, source: source)
  }

  /// Tallies an event.
  package mutating func tally(_ event: Event, source: Int) {
    var resource: [UInt8] = []
    symbols.append(event.resource, to: &resource)
    resource.withUnsafeBufferPointer { bytes in
      activity.add(event, resource: bytes, source: source, &symbols)
    }
  }
}
