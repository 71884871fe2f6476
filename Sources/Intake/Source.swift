/// A type of input: how its content is recognised, and how it is read.
///
/// To add one: a file with `extension Source { static let ... }`, a fixture folder, a word in
/// `all`.
package struct Source: Sendable {
  /// The type's word in reports, for example `aws-cloudtrail`.
  package let name: String
  /// What it is and what it gives, for `sequitur sources`.
  package let summary: String
  /// Why an input is of this type; nil when it is not.
  let recognise: @Sendable (Sketch) -> String?
  /// How its records lie, for showing them again.
  let layout: @Sendable (Sketch) -> RecordLayout
  /// Reads the whole input into the reading.
  let read: @Sendable (InputBytes, Sketch, inout Reading) -> Void
  /// What reads an input block by block; nil where its records are no lines or hang together.
  var lineReading: @Sendable (Sketch) -> LineReadingMaker? = { _ in nil }

  /// All types, in the order in which they are tried.
  package static let all: [Source] = [
    .awsCloudTrail, .awsAuthorizationDetails, .awsLastAccessed, .awsCredentialReport,
    .awsOrganizationsPolicy, .awsResourcePolicy,
    .kubernetesAudit, .kubernetesRBAC, .openTelemetry, .transcript, .mcpTools, .canonicalMixed,
    .canonicalAgents, .canonicalPrivileges, .canonicalEvents,
  ]
}

/// Reads the lines of a block; gives how many there are.
typealias LineReading = (LineBlock, inout Reading) -> Int

/// Makes what reads the lines of one piece, which begins as the reading given.
typealias LineReadingMaker = @Sendable (Reading) -> LineReading

/// What an input is taken for, and why.
struct Recognition {
  /// The type; nil when none fits.
  var source: Source?
  var because: String

  /// Tries every type.
  init(_ sketch: Sketch) {
    for source in Source.all {
      if let because = source.recognise(sketch) {
        self.source = source
        self.because = because
        return
      }
    }
    because = Recognition.reason(sketch)
  }

  private static func reason(_ sketch: Sketch) -> String {
    switch sketch.form {
    case .other(let reason): return reason
    case .csv: return "CSV whose columns fit no known type"
    case .yaml: return "text or YAML whose keys fit no known type"
    case .jsonLines, .jsonDocument:
      let keys = sketch.records.first?.keys ?? []
      guard !keys.isEmpty else { return "JSON of no known type" }
      let shown = keys.prefix(6).map { quoted($0) }.joined(separator: ", ")
      return "JSON of no known type, with \(shown)\(keys.count > 6 ? " and others" : "")"
    }
  }
}
