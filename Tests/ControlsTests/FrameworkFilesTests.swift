import Foundation
import Model
import TestSupport
import Testing

@testable import Controls
@testable import Policies

/// Every file of `mappings/frameworks`: a new one is picked up without a line here.
@Suite struct FrameworkFilesTests {
  static let folder = "mappings/frameworks"
  static var names: [String] { (try? Project.names(in: folder)) ?? [] }

  static func themes() throws -> Themes {
    try readThemes(text: try Project.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
  }

  static func read(_ name: String) throws -> Framework {
    // A policy's file is named for its id.
    let policyIDs = try Project.names(in: "mappings/policies").map { String($0.dropLast(5)) }
    return try readFramework(
      text: try Project.text("\(folder)/\(name)"), file: name, themes: try themes(),
      policyIDs: policyIDs)
  }

  @Test func thereAreFiles() { #expect(FrameworkFilesTests.names.count >= 11) }

  @Test(arguments: names) func theNameIsTheID(name: String) throws {
    #expect(name == "\(try FrameworkFilesTests.read(name).id).yaml")
  }

  @Test(arguments: names) func everyThemeIsMappedOrLeftOutOnPurpose(name: String) throws {
    let framework = try FrameworkFilesTests.read(name)
    let named = framework.mappedThemes + framework.unmapped.map(\.theme)
    #expect(named.sorted() == (try FrameworkFilesTests.themes().ids))
  }

  @Test(arguments: names) func aReasonIsASentenceOfItsOwn(name: String) throws {
    for control in try FrameworkFilesTests.read(name).controls {
      let reasons = (control.themes + control.policies).map(\.reason)
      #expect(Set(reasons).count == reasons.count, "\(control.id) repeats a reason")
      for reason in reasons + [control.notAssessedBecause, control.citedReason].compactMap({ $0 }) {
        #expect(reason.hasSuffix("."), "\(control.id): \(reason)")
        #expect(reason.first?.isUppercase == true, "\(control.id): \(reason)")
      }
    }
  }

  @Test(arguments: [
    ("owasp-agentic-2026", "AA-03", "ASI03"), ("owasp-nhi-2025", "NHI-04", "NHI5:2025"),
    ("nist-sp-800-207", "NIST SP 800-207 Policy Engine", "PE"),
  ])
  func theCustomersIDsResolve(framework: String, cited: String, id: String) throws {
    let controls = try FrameworkFilesTests.read("\(framework).yaml").controls
    let matching = controls.filter { $0.citedAs == cited }
    #expect(matching.map(\.id) == [id])
    #expect(matching.first?.citedReason?.isEmpty == false)
  }

  @Test func physicalAccessIsNotMapped() throws {
    let ids = try FrameworkFilesTests.read("nist-csf-2.0.yaml").controls.map(\.id)
    #expect(!ids.contains("PR.AA-06"))
    #expect(["PR.AA-01", "PR.AA-02", "PR.AA-03", "PR.AA-04", "PR.AA-05"].allSatisfy(ids.contains))
  }

  @Test(arguments: [
    ("owasp-agentic-2026", "owasp-lists.json", true), ("owasp-nhi-2025", "owasp-lists.json", true),
    ("nist-csf-2.0", "nist-csf-2.0.json", false), ("nist-sp-800-207", "sp800-207.json", true),
    ("nist-sp-800-53r5", "sp800-53r5-ids.json", false),
    ("iso-27001-2022", "other-frameworks.json", false),
    ("cis-controls-v8", "other-frameworks.json", true),
    ("eu-ai-act", "other-frameworks.json", true),
  ])
  func idsAndTitlesAreThePublishedOnes(framework: String, data: String, isWhole: Bool) throws {
    guard let url = Project.sharedData("standards/\(data)") else { return }
    let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: url))
    let published = FrameworkFilesTests.titles(in: json, of: framework)
    let controls = try FrameworkFilesTests.read("\(framework).yaml").controls
    #expect(published.count >= controls.count)
    #expect(!isWhole || published.count == controls.count)
    for control in controls {
      #expect(published[control.id] == control.title, "\(control.id)")
    }
  }

  /// Lists whose ids are published without short titles.
  @Test(arguments: [
    ("soc-2-2017", "soc2_tsc_2017_rev2022"), ("pci-dss-4.0.1", "pci_dss_4_0_1"),
  ])
  func idsArePublishedOnes(framework: String, list: String) throws {
    guard let url = Project.sharedData("standards/other-frameworks.json") else { return }
    let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: url))
    let root = try #require(json as? [String: [String: Any]])
    let ids = try #require(root[list]?["ids"] as? [String])
    for control in try FrameworkFilesTests.read("\(framework).yaml").controls {
      #expect(ids.contains(control.id), "\(control.id)")
      #expect(control.title.hasSuffix("(our words)"), "\(control.id)")
    }
  }

  /// Ids and titles of one framework in the development data.
  private static func titles(in json: Any, of framework: String) -> [String: String] {
    guard let root = json as? [String: Any] else { return [:] }
    var pairs: [(String, String)] = []
    func add(_ rows: Any?) {
      for row in rows as? [[String]] ?? [] where row.count >= 2 { pairs.append((row[0], row[1])) }
    }
    add(root["tenets"])
    add(root["components"])
    for row in root["subcategories"] as? [[String: Any]] ?? [] {
      if let id = row["id"] as? String, let statement = row["statement"] as? String {
        pairs.append((id, statement))
      }
    }
    let wanted = [
      "owasp-agentic-2026": "OWASP Top 10 for Agentic Applications",
      "owasp-nhi-2025": "OWASP Non-Human Identities Top 10",
    ]
    for row in root["controls"] as? [[String: String]] ?? [] {
      if let id = row["id"], let title = row["title"] { pairs.append((id, title)) }
    }
    let others = [
      "iso-27001-2022": "iso27001_2022_annexA", "cis-controls-v8": "cis_controls_v8",
      "eu-ai-act": "eu_ai_act_2024_1689",
    ]
    if let list = others[framework] { add((root[list] as? [String: Any])?["items"]) }
    for list in root["lists"] as? [[String: Any]] ?? []
    where list["list"] as? String == wanted[framework] {
      add(list["items"])
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
