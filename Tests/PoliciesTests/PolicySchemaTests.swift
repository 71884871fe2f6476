import Documents
import Foundation
import Model
import TestSupport
import Testing

@testable import Policies

/// The JSON Schema that editors use says what the reader says, as far as a schema can.
@Suite struct PolicySchemaTests {
  private static let schema = "templates/schema/policy.schema.json"

  /// Mistakes that only the reader can tell: names, expressions, numbers that depend on each other.
  private static let onlyTheReader: Set<String> = [
    "aggregate-bound-of-nothing", "aggregate-of-unknown-step", "bad-regular-expression",
    "delegation-without-agent", "duplicate-step", "empty", "endless-regular-expression",
    "example-lines", "glob-without-capability", "misspelt-register", "register-bound-twice",
    "register-in-until-bound-later", "same-policy-twice", "unbound-register",
    "unknown-capability", "unless-befores-differ",
  ]

  @Test func acceptsEveryPolicyThatIsShippedOrJudgedInACase() throws {
    var documents: [(name: String, value: Any)] = []
    for name in try Project.names(in: "mappings/policies") {
      documents += try values("mappings/policies/\(name)", name: name)
    }
    for name in try Project.names(in: "Tests/ConformanceTests/cases") {
      for one in try values("Tests/ConformanceTests/cases/\(name)", name: name) {
        guard let entry = one.value as? [String: Any], let text = entry["policy"] as? String else {
          continue
        }
        let title = "\(name): \(entry["case"] ?? "")"
        documents += try values(of: Self.head + text, name: title)
      }
    }
    guard let refused = try refused(documents) else { return }
    #expect(documents.count > 150)
    #expect(refused.isEmpty, "\(refused.sorted { $0.key < $1.key })")
  }

  @Test func refusesWhatTheReaderRefuses() throws {
    var documents: [(name: String, value: Any)] = []
    var names: Set<String> = []
    for file in try Project.names(in: "Tests/PoliciesTests/Fixtures") {
      let name = String(file.dropLast(5))
      guard let found = try? values("Tests/PoliciesTests/Fixtures/\(file)", name: name) else {
        continue
      }
      names.insert(name)
      documents += found
    }
    guard let refused = try refused(documents) else { return }
    let accepted = names.subtracting(refused.keys)
    #expect(accepted.subtracting(Self.onlyTheReader).isEmpty)
    #expect(Self.onlyTheReader.intersection(refused.keys).isEmpty)
  }

  @Test func itsListsAreThoseOfTheReader() throws {
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(Project.bytes(Self.schema))) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    #expect(
      Set(properties.keys) == Set(PolicyReader.keys + PolicyReader.allKindKeys))
    #expect(properties["kind"]?["enum"] as? [String] == PolicyReader.kinds)
    #expect(properties["severity"]?["enum"] as? [String] == Severity.allCases.map(\.rawValue))
    let themes = (properties["themes"]?["anyOf"] as? [[String: Any]])?.first?["enum"] as? [String]
    #expect(try themes.map(Set.init) == Set(Language.themes().ids))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let step = try #require(definitions["step"]?["properties"] as? [String: [String: Any]])
    #expect(Set(step.keys) == Set(PolicyReader.stepKeys + PolicyReader.selectorKeys))
    let described = [properties, step].flatMap { $0.values }
    #expect(described.allSatisfy { ($0["description"] as? String)?.isEmpty == false })
  }

  // MARK: Documents as JSON

  private static let head = """
    policy: conformance
    version: 1
    title: t
    severity: low
    themes: [destruction]
    because: b
    falsePositives: [f]
    remedy: r

    """

  private func values(_ path: String, name: String) throws -> [(name: String, value: Any)] {
    try values(of: Project.text(path), name: name)
  }

  private func values(of text: String, name: String) throws -> [(name: String, value: Any)] {
    try Document.all(text: text, file: name).map { (name, json($0.root)) }
  }

  private func json(_ node: Node) -> Any {
    if let entries = node.mapping {
      return Dictionary(entries.map { ($0.key, json($0.value)) }) { _, last in last }
    }
    if let nodes = node.sequence { return nodes.map { json($0) } }
    if node.isNull { return NSNull() }
    if let bool = node.bool { return bool }
    if let number = node.number { return number }
    return node.text ?? ""
  }

  /// The first complaint of the schema about each document that it refuses; nil without the
  /// validator.
  private func refused(_ documents: [(name: String, value: Any)]) throws -> [String: String]? {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sequitur-schema-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("documents.json")
    let list = documents.map { ["name": $0.name, "value": $0.value] }
    try JSONSerialization.data(withJSONObject: list).write(to: file)
    let script = """
      import json, sys
      import jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      refused = {}
      for one in json.load(open(sys.argv[2])):
          for error in validator.iter_errors(one["value"]):
              refused.setdefault(one["name"], error.json_path + ": " + error.message[:200])
      json.dump(refused, sys.stdout)
      """
    for python in ["python3", "/usr/bin/python3"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        python, "-c", script, Project.root.appendingPathComponent(Self.schema).path, file.path,
      ]
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { continue }
      return try JSONSerialization.jsonObject(with: data) as? [String: String]
    }
    FileHandle.standardError.write(Data("skipped: python3 has no jsonschema\n".utf8))
    return nil
  }
}
