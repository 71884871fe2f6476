package import Controls
package import Findings
package import Model
package import Policies

/// The one value that every format renders.
///
/// Each format is a pure function of it; nothing is computed in a format that another would have to
/// compute again.
package struct Report: Sendable {
  /// `sequitur` and its version.
  package var tool: String
  package var toolVersion: String
  /// The version of report.json and report.xml.
  package var schemaVersion: String
  /// The review's id: its name in `review.yaml`, else `FROM_TO`.
  package var id: String
  /// What was read, with problems and vocabulary; its events are not rendered one by one.
  package var input: InputSummary
  /// What was found.
  package var review: Review
  /// The policies that were applied, sorted by id.
  package var policies: [Policy]
  package var frameworks: [FrameworkAssessment]
  /// The raw record behind every event of every chain (values masked unless shown), by position.
  package var rawLines: [SourcePosition: String]

  /// A report of its parts.
  package init(
    tool: String, toolVersion: String, schemaVersion: String, id: String, input: InputSummary,
    review: Review, policies: [Policy], frameworks: [FrameworkAssessment],
    rawLines: [SourcePosition: String]
  ) {
    self.tool = tool
    self.toolVersion = toolVersion
    self.schemaVersion = schemaVersion
    self.id = id
    self.input = input
    self.review = review
    self.policies = policies
    self.frameworks = frameworks
    self.rawLines = rawLines
  }
}

/// What was read, in numbers.
package struct InputSummary: Sendable {
  package var files: [InputFile]
  package var problems: [Problem]
  package var events: Int
  /// Events by an agent of the review, of all.
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
