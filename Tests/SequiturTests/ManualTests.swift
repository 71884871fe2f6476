import Foundation
import Reports
import TestSupport
import Testing

/// The manual page names every command and every option with the words that `--help` has, and the
/// review file has a key for every option of a review.
@Suite struct ManualTests {
  private struct Help: Decodable {
    var command: CommandHelp
  }

  private struct CommandHelp: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [CommandHelp]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var valueName: String
    var names: [Name]?
    var abstract: String?
    var defaultValue: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
    var allValues: [String]?

    var long: String? { names?.first { $0.kind == "long" }?.name }
  }

  private func help() throws -> CommandHelp {
    let result = try Command.run(["--experimental-dump-help"])
    #expect(result.status == 0)
    return try JSONDecoder().decode(Help.self, from: Data(result.output.utf8)).command
  }

  /// What stands before and after the commands is written by hand; `RECORD=1` rewrites the rest.
  @Test func thePageSaysWhatTheHelpSays() throws {
    let path = "docs/sequitur.1"
    let page = try Project.text(path)
    let start = try #require(page.range(of: ".Sh COMMANDS\n")).upperBound
    let end = try #require(page.range(of: ".Sh EXIT STATUS\n")).lowerBound
    var body = ""
    for command in try help().subcommands ?? [] where command.commandName != "help" {
      body += section(command, path: command.commandName)
    }
    try expectGolden(String(page[..<start]) + body + String(page[end...]), path)
    if let answer = try Validator.run("mandoc", ["-T", "lint", "-W", "warning", "docs/sequitur.1"])
    {
      #expect(answer.status == 0, "\(answer.output)")
    }
  }

  private func section(_ command: CommandHelp, path: String) -> String {
    let nested = (command.subcommands ?? []).filter { $0.commandName != "help" }
    if !nested.isEmpty {
      return nested.map { section($0, path: "\(path) \($0.commandName)") }.joined()
    }
    let shown = (command.arguments ?? []).filter {
      $0.shouldDisplay && $0.long != "help" && $0.long != "version"
    }
    let positional = shown.filter { $0.kind == "positional" }
    var text = ".Ss \(path)\n.Nm\n.Cm \(path)\n"
    for argument in positional {
      let dots = argument.isRepeating ? " ..." : ""
      text +=
        argument.isOptional
        ? ".Op Ar \(argument.valueName)\(dots)\n"
        : ".Ar \(argument.valueName)\(dots)\n"
    }
    let options = shown.filter { $0.kind != "positional" }
    if !options.isEmpty { text += ".Op Ar options\n" }
    text += ".Pp\n\(lines(command.abstract))"
    if let discussion = command.discussion, !discussion.isEmpty { text += lines(discussion) }
    guard !shown.isEmpty else { return text }
    text += ".Bl -tag -width 3n\n"
    for argument in positional {
      text += ".It Ar \(argument.valueName)\n\(lines(argument.abstract))"
    }
    for option in options {
      let value = option.kind == "option" ? " Ar \(option.valueName)" : ""
      text += ".It Fl -\(option.long ?? "")\(value)\n\(lines(option.abstract))"
      if let values = option.allValues, !values.isEmpty {
        text += "One of \(values.joined(separator: ", ")).\n"
      }
      if let value = option.defaultValue { text += "Default: \(value).\n" }
    }
    return text + ".El\n"
  }

  /// A text as lines of mdoc: a sentence a line, and nothing that could be taken for a macro.
  private func lines(_ text: String?) -> String {
    let sentences = (text ?? "").replacing("\n", with: " ").replacing("\\", with: "\\e")
      .replacing("`", with: "'").replacing(". ", with: ".\n")
    return sentences.split(separator: "\n").map { line in
      (line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : "") + line + "\n"
    }.joined()
  }

  // MARK: the review file

  private static let schema = "templates/schema/review.schema.json"

  private func keys() throws -> [String: [String: Any]] {
    let schema = try Written.object(Data(Project.bytes(ManualTests.schema)))
    return try #require(schema["properties"] as? [String: [String: Any]])
  }

  @Test func everyOptionOfAReviewIsAKey() throws {
    let keys = Set(try keys().keys)
    let review = try #require(try help().subcommands?.first { $0.commandName == "review" })
    let options = Set((review.arguments ?? []).compactMap(\.long))
    let expected = options.subtracting(["config", "help", "version", "name"]).union([
      "inputs", "review",
    ])
    #expect(keys == expected, "\(keys.symmetricDifference(expected).sorted())")
    let page = try Project.text("docs/review-file.md")
    for key in keys { #expect(page.contains("`\(key)`"), "docs/review-file.md lacks \(key)") }
    for option in options.subtracting(["config", "help", "version"]) {
      #expect(page.contains("`--\(option)`"), "docs/review-file.md lacks --\(option)")
    }
  }

  @Test func theFormatsOfTheSchemaAreThoseThatThereAre() throws {
    let schema = try Written.object(Data(Project.bytes(ManualTests.schema)))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    #expect(definitions["Format"]?["enum"] as? [String] == ReportFormat.all.map(\.name))
  }

  /// A value of each key that the schema allows, and one that it refuses.
  private static let samples: [String: (good: String, bad: String)] = [
    "inputs": ("[input]", "{a: b}"), "review": ("r-1", "a/b"), "from": ("2026-07-01", "soon"),
    "to": ("2026-09-30", "later"), "policies": ("[]", "{a: b}"),
    "no-shipped-policies": ("false", "perhaps"), "exceptions": ("exceptions.yaml", "[a, b]"),
    "decisions": ("[]", "{a: b}"),
    "out": ("out", "[a]"), "formats": ("[json]", "[word]"), "history": ("h.sqlite", "[a]"),
    "no-history": ("true", "1"), "replay": ("false", "yes please"), "fail-on": ("critical", "bad"),
    "strict": ("false", "2"), "show-values": ("true", "all"), "no-input-digests": ("true", "x"),
    "sign-key": ("a.key", "[a]"), "pack": ("zip", "rar"), "threads": ("2", "many"),
    "memory": ("512MiB", "much"), "metrics": ("f.prom", "[a]"), "log-format": ("json", "xml"),
    "quiet": ("true", "9"), "json-summary": ("true", "x"), "timings": ("true", "x"),
    "root": ("root", "[a]"),
  ]

  @Test func theSchemaAndTheReaderAgree() throws {
    let folder = try Scratch()
    let input = folder.url.appendingPathComponent("input")
    try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
    let line = #"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"data.read","id":"e"}"#
    try Data(line.utf8).write(to: input.appendingPathComponent("e.ndjson"))
    try Data("exceptions: []\n".utf8).write(
      to: folder.url.appendingPathComponent("exceptions.yaml"))
    _ = try Command.run(["keygen", folder.url.appendingPathComponent("a").path])
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("root"), withDestinationURL: Project.root)
    let file = folder.url.appendingPathComponent("review.yaml")
    let keys = try keys().keys.sorted()
    #expect(Set(keys).isSubset(of: Set(ManualTests.samples.keys)), "a key without samples")
    var good = ""
    for key in keys {
      let sample = try #require(ManualTests.samples[key])
      good += "\(key): \(sample.good)\n"
      try Data("inputs: input\nout: out\n\(key): \(sample.bad)\n".utf8).write(to: file)
      let bad = ["inputs", "out"].contains(key) ? "\(key): \(sample.bad)\n" : nil
      if let bad { try Data(bad.utf8).write(to: file) }
      let refused = try Command.run(["review", "--config", file.path, "--quiet"])
      #expect(refused.status == 2, "the reader takes `\(key): \(sample.bad)`")
      try expectSchema("\(key): \(sample.bad)\n", isValid: false, in: folder)
    }
    try expectSchema(good, isValid: true, in: folder)
    try Data(good.utf8).write(to: file)
    let taken = try Command.run(["review", "--config", file.path])
    #expect(taken.status == 0, "\(taken.error)")
    #expect(try folder.files().contains("out/r-1/report.json"))
    #expect(try folder.files().contains("f.prom"))
    #expect(try folder.files().contains("out/r-1.zip"))
    try Data("quite: true\n".utf8).write(to: file)
    let unknown = try Command.run(["review", "--config", file.path])
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("did you mean `quiet`?"), "\(unknown.error)")
    try expectSchema("quite: true\n", isValid: false, in: folder)
  }

  private func expectSchema(_ yaml: String, isValid: Bool, in folder: Scratch) throws {
    let source = folder.url.appendingPathComponent("checked.yaml")
    try Data(yaml.utf8).write(to: source)
    let schema = Project.root.appendingPathComponent(ManualTests.schema).path
    guard let answer = try Validator.script("validate_yaml.py", [schema, source.path]) else {
      return
    }
    #expect((answer.status == 0) == isValid, "\(yaml)\(answer.output)")
  }

  /// What the documentation shows is a file of that form.
  @Test func theSampleOfTheDocumentationIsValid() throws {
    let page = try Project.text("docs/review-file.md")
    let start = try #require(page.range(of: "```yaml\n")).upperBound
    let end = try #require(page.range(of: "```", range: start..<page.endIndex)).lowerBound
    let folder = try Scratch()
    try expectSchema(String(page[start..<end]), isValid: true, in: folder)
    try expectSchema(
      try Project.text("examples/acme/review.yaml"), isValid: true, in: folder)
  }
}
