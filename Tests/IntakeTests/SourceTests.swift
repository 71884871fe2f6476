import Model
import TestSupport
import Testing

@testable import Intake

@Suite struct SourceTests {
  @Test func everySourceHasItsOwnName() {
    let names = Source.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  /// A bare loop that reads less would be no peer, and one that reads more a slow one.
  @Test func theBenchmarksBareLoopReadsTheFieldsOfOurReaders() throws {
    func fields<Format: LogFormat>(_ name: String, _: Format.Type) -> [String] {
      Format.Slot.allCases.map { "\(name) \($0.path)" }
    }
    let all =
      fields("azure-activity", AzureActivity.self)
      + fields("entra", EntraLog<EntraProperties>.self) + fields("gcp-audit", GoogleAudit.self)
      + fields("github-audit", GitHubAudit.self) + fields("kubernetes-audit", KubernetesAudit.self)
      + fields("ocsf-api-activity", OCSFAPIActivity.self)
    try expectGolden(all.map { "\($0)\n" }.joined(), "Tests/Benchmarks/fields.txt")
  }
}
