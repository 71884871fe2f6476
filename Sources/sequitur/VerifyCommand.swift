internal import ArgumentParser
internal import Foundation
internal import Reports

/// `sequitur verify`: whether an evidence pack is what was written, and says what its inputs say.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks an evidence pack, offline.",
    discussion: """
      Checks every digest, the signature (with --key), the schemas, and that the formats agree; with \
      --inputs the review is made again and must give the same bytes. Exit code 0: all of it holds. \
      2: something does not, and is named.
      """)

  @Argument(help: "A review's folder, or its .zip or .tar.gz.") var pack: String
  @Option(help: "The public key that must have signed it.") var key: String?
  @Option(
    parsing: .upToNextOption,
    help: "The inputs, to make the review again: the same paths as were reviewed.")
  var inputs: [String] = []
  @Option(help: "A further policy file that was given to the review; may be given several times.")
  var policies: [String] = []
  @Option(help: "The exceptions that were given to the review.") var exceptions: String?
  @Option(help: "Decisions that were given to the review; may be given several times.")
  var decisions: [String] = []
  @Option(help: "A copy of the history as it was when the review was made; default: none.")
  var history: String?
  @OptionGroup var root: RootOption

  func run() throws {
    let root = try Root(option: root.root)
    let key = try key.map(KeyFile.verifying)
    let folder = try PackFolder(pack)
    let check = PackCheck(names: folder.names, read: folder.read)
    let schemas = PackSchemas(
      xml: Array(try root.text("templates/schema/report.xsd").utf8),
      json: Array(try root.text("templates/schema/report.schema.json").utf8))
    let problems = check.problems(key: key, schemas: schemas)
    guard problems.isEmpty else {
      throw Failure(
        "\(pack): not as it was written:\n" + problems.map(\.text).joined(separator: "\n"))
    }
    let manifest: Manifest
    do { manifest = try check.manifest() } catch { throw Failure(error.text) }
    say(manifest, isSigned: folder.names.contains(Manifest.envelopePath), key: key)
    guard !inputs.isEmpty else {
      print("  again     not made again: --inputs was not given")
      return
    }
    try makeAgain(manifest, root)
    print("  again     made again from the inputs: the same bytes")
  }

  private func say(_ manifest: Manifest, isSigned: Bool, key: VerifyingKey?) {
    print(
      "Pack of review \(manifest.review), by \(manifest.tool) \(manifest.toolVersion)".printable)
    print("  files     \(counted(manifest.files.count, "file")), each with its digest")
    if let key {
      print("  signed    with the key \(key.id)")
    } else if isSigned {
      print("  signed    not checked by whom: --key was not given")
    } else {
      print("  signed    by nobody: whoever changed a file could have changed its digest")
    }
    print("  content   valid by the schemas, and the formats agree")
  }

  /// Makes the review again in a folder of its own and compares every digest.
  private func makeAgain(_ manifest: Manifest, _ root: Root) throws {
    let digest = try root.digest(given: policies + [exceptions].compactMap { $0 })
    guard digest == manifest.mappings else {
      throw Failure(
        "\(pack): made with other mappings, templates, policies or exceptions than these, so it cannot be made again here"
      )
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sequitur-again-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let again = try ReviewCommand.parse(arguments(manifest, folder)).makeReview().manifest
    let inputs = differences(manifest.inputs, again.inputs, "the input at hand differs")
    guard inputs.isEmpty else { throw Failure(inputs.joined(separator: "\n")) }
    let files = differences(manifest.files, again.files, "made again, it differs")
    guard files.isEmpty else { throw Failure(files.joined(separator: "\n")) }
  }

  private func arguments(_ manifest: Manifest, _ folder: URL) throws -> [String] {
    let flags = Dictionary(manifest.flags.map { ($0.name, $0.value) }) { first, _ in first }
    var arguments = inputs + ["--quiet", "--out", folder.path, "--root", root.root ?? ""]
    if root.root == nil { arguments.removeLast(2) }
    for name in ["name", "from", "to", "formats"] {
      if let value = flags[name] { arguments += ["--\(name)", value] }
    }
    for policy in policies { arguments += ["--policies", policy] }
    if flags["history"] == "false" { arguments.append("--no-history") }
    if flags["replay"] == "true" { arguments.append("--replay") }
    if let history { arguments += ["--history", history] }
    if let exceptions { arguments += ["--exceptions", exceptions] }
    for file in decisions { arguments += ["--decisions", file] }
    if flags["showValues"] == "true" { arguments.append("--show-values") }
    if flags["shippedPolicies"] == "false" { arguments.append("--no-shipped-policies") }
    if flags["digests"] == "false" { arguments.append("--no-input-digests") }
    return arguments
  }

  private func differences(
    _ before: [Manifest.File], _ after: [Manifest.File], _ reason: String
  ) -> [String] {
    let old = Dictionary(before.map { ($0.path, $0) }) { first, _ in first }
    let new = Dictionary(after.map { ($0.path, $0) }) { first, _ in first }
    return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
      .map { "\($0): \(reason)" }
  }
}
