internal import Foundation
internal import Model
internal import Reports

/// What makes a review's folder an evidence pack: who signs it, and whether it is one file too.
struct EvidencePack {
  let key: SigningKey?
  let form: PackArchive.Form?

  /// Reads the key before the work begins.
  init(signKey: String?, form: String?) throws {
    key = try signKey.map(KeyFile.signing)
    self.form = try form.map { word in
      guard let form = PackArchive.Form(rawValue: word) else {
        throw Failure("--pack: expected zip or tar.gz, not `\(word.prefix(40))`")
      }
      return form
    }
  }

  /// The flags that the bytes of a review depend on, for whoever makes it again.
  func flags(
    name: String, from: Timestamp?, to: Timestamp?, formats: [ReportFormat], showValues: Bool,
    isShipped: Bool, isHashed: Bool, isCompared: Bool, isReplayed: Bool
  ) -> [(name: String, value: String)] {
    let all: [(name: String, value: String?)] = [
      ("name", name), ("from", from?.rfc3339), ("to", to?.rfc3339),
      ("formats", formats.map(\.name).joined(separator: ",")),
      ("showValues", "\(showValues)"), ("shippedPolicies", "\(isShipped)"),
      ("digests", "\(isHashed)"), ("history", "\(isCompared)"),
      ("replay", "\(isReplayed)"),
    ]
    return all.compactMap { flag in flag.value.map { (name: flag.name, value: $0) } }
  }
}

/// Writes a report in every format, checks that they agree, and closes it with a manifest.
struct ReviewWriting {
  let report: Report
  let formats: [ReportFormat]
  let templates: Templates
  let evidence: EvidencePack
  let flags: [(name: String, value: String)]
  /// The digest of the mappings, templates and policies that it was made by.
  let mappings: String

  /// Writes everything; nothing is put in place when formats disagree.
  func write(to folder: OutputFolder) throws -> Manifest {
    var manifest: Manifest?
    var pack: PackArchive.Ready?
    defer { pack?.discard() }
    try folder.write { writer in
      try render(to: writer)
      let made = Manifest(of: report, flags: flags, mappings: mappings, files: writer.files)
      try writer.take(RenderedFile(path: Manifest.path, bytes: made.bytes))
      if let key = evidence.key {
        let envelope = try Envelope.sign(made, with: key)
        try writer.take(RenderedFile(path: Manifest.envelopePath, bytes: envelope))
      }
      manifest = made
      try writer.finish()
      // From what this run wrote, since another one may put its own folder in place meanwhile.
      pack = try archive(made, of: writer.folder, folder)
    }
    guard let manifest else { throw Failure("\(folder.path): nothing was written") }
    try pack?.putInPlace()
    return manifest
  }

  /// The paths of all that was written, inside the review's folder.
  func paths(of manifest: Manifest) -> [String] {
    manifest.files.map(\.path) + [Manifest.path]
      + (evidence.key == nil ? [] : [Manifest.envelopePath])
  }

  /// Hands each file on as it is made; what formats state is read back out of what was written.
  private func render(to writer: FolderWriter) throws {
    for format in formats {
      do {
        try format.write(report, templates, writer.take)
      } catch let failure as Failure {
        throw failure
      } catch {
        throw Failure("format \(format.name): \(error)")
      }
    }
    try writer.finish()
    var agreement = Agreement()
    for file in writer.files { agreement.add(try writer.read(file.path)) }
    let found = agreement.disagreements
    guard found.isEmpty else {
      throw Failure("the formats disagree, nothing was written:\n" + found.joined(separator: "\n"))
    }
  }

  /// The folder as one file beside it, where that is asked for.
  private func archive(
    _ manifest: Manifest, of written: URL, _ folder: OutputFolder
  ) throws -> PackArchive.Ready? {
    guard let form = evidence.form else { return nil }
    let url = folder.parent.appendingPathComponent("\(folder.name).\(form.rawValue)")
    return try PackArchive.write(
      written, files: paths(of: manifest), name: folder.name, form: form, to: url)
  }
}
