import TestSupport
import Testing

@testable import Controls
@testable import Documents

@Suite struct CrosswalkTests {
  private static func frameworks() throws -> [Framework] {
    try FrameworkFilesTests.names.map(FrameworkFilesTests.read)
  }

  private static func shipped() throws -> Crosswalk {
    try readCrosswalk(
      text: try Project.text("mappings/crosswalk.yaml"), file: "crosswalk.yaml",
      frameworks: try frameworks())
  }

  @Test func theShippedOneJoinsEveryFramework() throws {
    let crosswalk = try CrosswalkTests.shipped()
    for framework in try CrosswalkTests.frameworks() {
      #expect(
        crosswalk.concepts.contains { !$0.ids(of: framework.id).isEmpty }, "\(framework.id)")
    }
    for concept in crosswalk.concepts {
      #expect(concept.because.hasSuffix("."), "\(concept.id)")
      #expect(concept.controls.count > 1, "\(concept.id)")
    }
  }

  /// A whole file with one part of it replaced.
  static func file(
    hub: String = "nist-csf-2.0", csf: String = "nist-csf-2.0: [PR.AA-05]",
    other: String = "owasp-nhi-2025: ['NHI5:2025']", key: String = "note"
  ) -> String {
    """
    crosswalk: a
    version: 1.0.0
    hub: \(hub)
    \(key): what it is
    concepts:
      - id: one
        title: One
        because: They say the same.
        controls:
          \(csf)
          \(other)
    """
  }

  @Test(arguments: [
    (file(), ""), (file(hub: "nist-csf"), "nist-csf-2.0"),
    (file(csf: "nist-csf-2.0: [PR.AA-5]"), "no control `PR.AA-5`"),
    (file(other: "owasp-nhi: ['NHI5:2025']"), "unknown framework `owasp-nhi`"),
    (file(csf: "pci-dss-4.0.1: [7.2.1]"), "names no control of the hub"),
    (file(key: "notes"), "notes"),
  ])
  func mistakesAreNamed(text: String, says: String) throws {
    let frameworks = try CrosswalkTests.frameworks()
    do {
      _ = try readCrosswalk(text: text, file: "a.yaml", frameworks: frameworks)
      #expect(says.isEmpty)
    } catch {
      #expect(!says.isEmpty && error.text.contains(says), "\(error.text)")
    }
  }
}
