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
  /// Which controls of the frameworks speak of the same thing; nil when no such file was read.
  package var crosswalk: Crosswalk?
  /// The raw record behind every event of every chain (values masked unless shown), by position.
  package var rawLines: [SourcePosition: String]
  /// What changed since the last review; why it is not known where it is not.
  package var change: ChangeSection = .absent(because: "no history of reviews was given")
  /// The reviews so far in a few numbers each; why they are not known where they are not.
  package var trend: TrendSection = .absent(because: "no history of reviews was given")

  /// What is written once where there is very much of it.
  package var extent = ReportExtent()

  /// The files of decisions that were read, as they were.
  package var decisionFiles: [DecisionFile] = []

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

  /// Whether any source lists what agents hold: without one, nothing to take away is nothing known.
  package var isHeldKnown: Bool { review.estate.held > 0 || input.statements > 0 }

  /// What changed since the last review, or why that is not said.
  package enum ChangeSection: Sendable {
    case known(ReviewChange)
    case absent(because: String)
  }

  /// The reviews that ended before this one, and this one, by their end; or why that is not said.
  package enum TrendSection: Sendable {
    case known([ReviewFigures])
    case absent(because: String)
  }

  /// The version of report.json and report.xml that this code writes.
  package static let currentSchemaVersion = "1.0.0"
}

/// Up to how many findings and rows report.json and report.xml say everything everywhere. Beyond that
/// a fact stands once, where it belongs, and what is left out says where that is.
package struct ReportExtent: Sendable {
  /// Findings, up to which each names the controls that it bears on, with reasons; beyond, only the
  /// controls name their findings.
  package var controlsOfFindingsMax = 5_000
  /// Rows of the clean-up list, up to which they stand in the report; beyond, it has their counts by
  /// agent and advice, and cleanup.csv has the rows.
  package var cleanupRowsMax = 20_000
}
