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

  /// The format that it is written in: its name, but for the kinds of canonical records, which may
  /// stand in one file.
  fileprivate var format: String { name.hasPrefix("canonical") ? "canonical" : name }

  /// The platform that it tells of, which begins its name; nil for one that may tell of any.
  var platform: String? {
    let platforms = ["aws", "azure", "entra", "gcp", "github", "kubernetes", "mcp"]
    return platforms.first { name == $0 || name.hasPrefix("\($0)-") }
  }

  /// All types, in the order in which they are tried.
  package static let all: [Source] = [
    .awsCloudTrail, .awsAuthorizationDetails, .awsLastAccessed, .awsCredentialReport,
    .awsOrganizationsPolicy, .awsResourcePolicy, .kubernetesAudit, .kubernetesRBAC, .googleAudit,
    .googleIAM, .azureActivity, .azureRoleAssignments, .entra, .gitHubAudit, .ocsfAPIActivity,
    .openTelemetry, .transcript, .mcpTools, .canonicalMixed, .canonicalAgents, .canonicalPrivileges,
    .canonicalEvents, .inventoryCSV,
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

  /// Tries every type. Where the lines of a file are of several, the earliest line decides: a log
  /// that goes on in another format is the log that it began as.
  init(_ sketch: Sketch) {
    let found = Recognition.types(of: sketch)
    guard let first = found.first else {
      because = Recognition.reason(sketch)
      return
    }
    let chosen = Recognition.earliest(of: sketch, among: found) ?? first
    source = chosen.source
    because = chosen.because
  }

  /// The types that an input may be of.
  private static func types(of sketch: Sketch) -> [(source: Source, because: String)] {
    Source.all.compactMap { source in
      source.recognise(sketch).map { (source: source, because: $0) }
    }
  }

  /// What the first line that is of a type is taken for: as one of the types that the whole may be
  /// of, if it fits one, or fits one of the same format with other fields.
  private static func earliest(
    of sketch: Sketch, among found: [(source: Source, because: String)]
  ) -> (source: Source, because: String)? {
    guard case .jsonLines = sketch.form, sketch.records.count > 1 else { return nil }
    for index in sketch.records.indices {
      let types = types(of: sketch.only(index))
      guard let own = types.first else { continue }
      let formats = Set(types.map(\.source.format))
      return found.first { formats.contains($0.source.format) } ?? own
    }
    return nil
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
