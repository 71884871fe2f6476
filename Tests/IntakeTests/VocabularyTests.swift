import Documents
import Foundation
import Model
import TestSupport
import Testing

@testable import Intake

@Suite struct VocabularyTests {
  @Test func actionsMeanWhatTheTableSays() throws {
    let builder = try shippedVocabulary()
    for row in try rows("Tests/IntakeTests/Fixtures/meanings.tsv") {
      let meaning = builder.meaning(action: row[0], description: nil, annotations: [])
      #expect(meaning.level.rawValue == row[1], "\(row[0])")
      #expect(meaning.capabilities.joined(separator: " ") == row[2], "\(row[0])")
      #expect(meaning.origin.rawValue == row[3], "\(row[0])")
    }
  }

  @Test func theCatalogueHasEveryActionOnceInOrder() throws {
    let vocabulary = try shippedVocabulary().emptyVocabulary
    #expect(vocabulary.catalogue.count { $0.platform == "aws" } == 20_455)
    #expect(vocabulary.catalogue.count { $0.platform == "kubernetes" } == 666)
    #expect(vocabulary.catalogue.count { $0.platform == "gcp" } == 1_395)
    #expect(vocabulary.catalogue.count { $0.platform == "azure" } == 971)
    #expect(vocabulary.version == "2026.11")
    #expect(vocabulary.capabilities.count == 36)
    #expect(vocabulary.meanings.isEmpty)
    let folded = vocabulary.catalogue.map { $0.name.lowercased() }
    #expect(zip(folded, folded.dropFirst()).allSatisfy { $0 < $1 })
    #expect(vocabulary.catalogue.allSatisfy { $0.meaning.origin == .named })
  }

  @Test func levelsAreThoseOfTheReference() throws {
    guard let url = Project.sharedData("aws/aws-action-access-levels.json.gz") else { return }
    let reference = try JSONDecoder().decode([String: String].self, from: try unzipped(url))
    let catalogue = try shippedVocabulary().emptyVocabulary.catalogue.filter {
      $0.platform == "aws"
    }
    let levels = Dictionary(
      catalogue.map { ($0.name, $0.meaning.level.rawValue) }, uniquingKeysWith: { $1 })
    #expect(levels == reference)
  }

  @Test(
    arguments: [
      ("s3:ListAllMyBuckets", false), ("s3:ListBucket", true), ("ec2:DescribeInstances", false),
      ("sts:GetCallerIdentity", false), ("s3:GetObject", true), ("iam:ListRolePolicies", true),
    ])
  func someActionsTakeNoResource(action: String, takesResource: Bool) throws {
    let meaning = try shippedVocabulary().meaning(
      action: action, description: nil, annotations: [])
    #expect(meaning.takesResource == takesResource)
  }

  @Test func hintsNeverMakeAnActionMoreHarmlessThanItsName() throws {
    let builder = try shippedVocabulary()
    let readOnly = [NamedValue(name: "annotations.readOnlyHint", value: "true")]
    let harmless = builder.meaning(action: "frobnicate", description: nil, annotations: readOnly)
    #expect(harmless.level == .read)
    #expect(harmless.origin == .annotations)
    let lying = builder.meaning(action: "delete_file", description: nil, annotations: readOnly)
    #expect(lying.level == .write)
    #expect(lying.capabilities == ["data.delete"])
    #expect(lying.origin == .nameWords)
    let secret = builder.meaning(action: "get_secret", description: nil, annotations: readOnly)
    #expect(secret.capabilities == ["secret.read"])
  }

  @Test func openDestructiveToolsReachOutAndDelete() throws {
    let hints = ["readOnlyHint": "false", "destructiveHint": "true", "openWorldHint": "true"]
    let meaning = try shippedVocabulary().meaning(
      action: "frobnicate", description: nil,
      annotations: hints.map { NamedValue(name: $0.key, value: $0.value) })
    #expect(meaning.level == .write)
    #expect(meaning.capabilities == ["channel.external", "data.delete"])
  }

  @Test(
    arguments: [
      ("Sends an e-mail to any external address. Reads nothing.", "channel.external", "Write"),
      ("Deletes the given file for good", "data.delete", "Write"),
      ("Use this tool to export customer records", "data.export", "Write"),
      ("Gets the current weather", "", "Read"),
    ])
  func descriptionsSpeakWhereNamesDoNot(
    description: String, capabilities: String, level: String
  ) throws {
    let meaning = try shippedVocabulary().meaning(
      action: "frobnicate", description: description, annotations: [])
    #expect(meaning.level.rawValue == level)
    #expect(meaning.capabilities.joined(separator: " ") == capabilities)
    #expect(meaning.origin == .descriptionWords)
  }

  @Test(
    arguments: [
      ("crm:ExportRecords", ["crm"], ["export", "record"]),
      ("mcp__git_hub__listHTTPServers", ["mcp", "git", "hub"], ["list", "http", "server"]),
      ("listIDs", [], ["list", "ids"]), ("secrets/", [], ["secret"]), ("", [], []),
      ("get_EC2Instances.queries", ["get", "ec2", "instance"], ["query"]),
    ])
  func namesAreSplitIntoWords(name: String, system: [String], own: [String]) {
    let words = NameWords(name)
    #expect(words.system == system)
    #expect(words.own == own)
  }

  @Test(
    arguments: [
      ("actions: {secret.raed: [s3:GetObject]}", "unknown capability `secret.raed`"),
      ("actions: {secret.read: [s3:GetObjekt]}", "no level table has the action `s3:GetObjekt`"),
      ("tools: [{level: Read, capabilities: [], names: [x, X]}]", "`X` is given twice"),
      ("verbs: {read: {level: Raed, words: [get]}}", "must be one of"),
      ("rules: [{verbs: [reed], capabilities: []}]", "unknown kind of verb `reed`"),
      ("verbs: {a: {level: Read, words: [get, gets]}}", "the verb `gets` is given twice"),
    ])
  func mistakesHaveAPlace(text: String, reason: String) throws {
    let files = [
      (
        name: "v/capabilities.yaml",
        text: "version: \"1\"\ncapabilities: {secret.read: {level: Read, means: reads}}"
      ), (name: "v/a-levels.txt", text: "s3 R GetObject\n"), (name: "v/a.yaml", text: text),
    ]
    let problems = try #require(
      throws: DocumentProblems.self
    ) {
      _ = try VocabularyBuilder(files: files)
    }.problems
    #expect(problems.count == 1)
    #expect(problems.first?.line == 1)
    #expect(problems.first?.reason.contains(reason) == true)
  }

  @Test func levelTablesWithMistakesAreRefused() throws {
    let list = (
      name: "capabilities.yaml",
      text: "version: \"1\"\ncapabilities: {secret.read: {level: Read, means: reads}}"
    )
    for table in ["s3 X GetObject", "s3 R", "s3 R GetObject\ns3 W getobject"] {
      #expect(throws: DocumentProblems.self) {
        _ = try VocabularyBuilder(files: [list, (name: "a-levels.txt", text: table)])
      }
    }
    #expect(throws: DocumentProblems.self) { _ = try VocabularyBuilder(files: []) }
  }

  private func shippedVocabulary() throws -> VocabularyBuilder {
    try VocabularyTests.shipped.get()
  }

  /// Read once: a debug build takes its time.
  static let shipped = Result {
    let names = try Project.names(in: "mappings/vocabulary")
    return try VocabularyBuilder(
      files: names.map { (name: $0, text: try Project.text("mappings/vocabulary/\($0)")) })
  }

  private func rows(_ path: String) throws -> [[String]] {
    try Project.text(path).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    }
  }

  private func unzipped(_ url: URL) throws -> Data {
    let input = InputBytes(reader: try source(url).open(), limits: .standard, isHashed: false)
    while input.fill() {}
    return Data(input.available)
  }
}
