import Intake
import Model
import TestSupport
import Testing

/// What files are taken for where many kinds lie together.
@Suite struct MixedSourcesTests {
  /// The fixtures of each type, by the folder that they are written for.
  private static let folders = [
    "aws-cloudtrail", "aws-authorization-details", "aws-credential-report", "aws-last-accessed",
    "aws-organizations-policy", "aws-resource-policy", "azure-activity",
    "azure-role-assignments", "canonical", "entra", "gcp-audit", "gcp-iam", "github-audit",
    "inventory-csv", "kubernetes-audit", "kubernetes-rbac", "mcp-tools", "ocsf-api-activity",
    "otel-genai",
    "transcript",
  ]

  @Test func everyFileOfOneFolderIsNamedRightly() throws {
    var sources: [InputSource] = []
    var expected: [String: String] = [:]
    for folder in Self.folders {
      for source in try fixtures(folder) {
        // Beside some lie a log or an account that they are compared with.
        let isAccount = source.path == "account.json" && folder != "aws-authorization-details"
        if isAccount || source.path == "log.ndjson" { continue }
        // The name says nothing: only the content may.
        let path = "\(sources.count).dat"
        expected[path] = folder
        sources.append(InputSource(path: path, open: source.open))
      }
    }
    let input = read(sources)
    #expect(input.files.count == sources.count)
    for file in input.files {
      let folder = expected[file.path] ?? ""
      let isRight = file.type == folder || file.type?.hasPrefix("\(folder)-") == true
      #expect(isRight, "\(file.path) of \(folder): \(file.type ?? "none")")
    }
  }

  @Test func filesOfOtherKindsAreNotTakenForAny() {
    var random = SeededGenerator(seed: 200)
    let others = OtherFiles.all(&random)
    #expect(others.count >= 200)
    let input = read(
      others.enumerated().map {
        InputSource(path: "\($0.offset).\($0.element.name)", bytes: $0.element.bytes)
      })
    for file in input.files {
      #expect(
        file.type == nil, "\(file.path): \(file.type ?? "") because \(file.recognisedBecause)")
    }
    #expect(input.problems.count { $0.reason.hasPrefix("not recognised: ") } == others.count)
    #expect(input.agents.isEmpty && input.statements.isEmpty && input.activity.events == 0)
  }

  /// Files of one event a line in each format, without what a reader passes over by design.
  private static let logs = [
    ("aws-cloudtrail", "lines.ndjson"), ("kubernetes-audit", "lines.ndjson"),
    ("github-audit", "stream.ndjson"), ("gcp-audit", "sink.ndjson"),
    ("azure-activity", "exported.ndjson"), ("entra", "diagnostic.ndjson"),
    ("ocsf-api-activity", "lake.ndjson"), ("canonical", "events.ndjson"),
  ]

  private static func lines(_ log: (String, String)) throws -> [Substring] {
    try Project.text("Tests/IntakeTests/Fixtures/\(log.0)/\(log.1)").split(separator: "\n")
  }

  @Test func aLogThatGoesOnInAnotherFormatIsReadUpToThere() throws {
    for first in Self.logs {
      for second in Self.logs where first.0 != second.0 {
        let (own, foreign) = (try Self.lines(first), try Self.lines(second))
        let alone = read(own.joined(separator: "\n"))
        let both = read((own + foreign).joined(separator: "\n"))
        let what = "\(first.0) then \(second.0)"
        #expect(both.files[0].type == alone.files[0].type, "\(what)")
        #expect(both.activity.events == alone.activity.events, "\(what)")
        let named = Set(both.problems.map(\.line)).filter { $0 > own.count }
        #expect(
          named == Set(own.count + 1...own.count + foreign.count),
          "\(what): \(both.problems.map { "\($0.line) \($0.reason)" })")
      }
    }
  }
}
