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
  /// How many files are made and read at a time.
  let threads: Int

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

  /// One piece of a format that is made by itself.
  private struct Piece {
    let format: ReportFormat
    let number: Int
  }

  /// Makes all files, several at a time; what formats state is read back out of what was written.
  private func render(to writer: FolderWriter) throws {
    let index = ReportIndex(report)
    let pieces = formats.flatMap { format in
      (0..<format.pieces(report)).map { Piece(format: format, number: $0) }
    }
    let folder = writer.folder
    let made = Threads(threads: threads).map(pieces.count) { number in
      Result { try make(pieces[number], index, in: folder) }
    }
    for result in made { try writer.note(try result.get()) }
    let found = try agreement(of: writer.files, in: folder).disagreements
    guard found.isEmpty else {
      throw Failure("the formats disagree, nothing was written:\n" + found.joined(separator: "\n"))
    }
  }

  private func make(
    _ piece: Piece, _ index: ReportIndex, in folder: URL
  ) throws -> [Manifest.File] {
    let writer = FolderWriter(folder)
    do {
      try piece.format.writePiece(index, templates, piece.number, writer.take)
      try writer.finish()
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("format \(piece.format.name): \(error)")
    }
    return writer.files
  }

  /// Reads the files back, the largest first, so that the last ones are short.
  private func agreement(of files: [Manifest.File], in folder: URL) throws -> Agreement {
    let schema = formats.contains { $0.name == "xml" } ? try templates.reportSchema : nil
    let stating = files.filter { Agreement.isStating($0.path) }
      .sorted { ($1.bytes, $0.path) < ($0.bytes, $1.path) }
    let size = 100
    let large = stating.prefix { $0.bytes > 1 << 20 }
    let small = Array(stating.dropFirst(large.count))
    let groups =
      large.map { [$0] }
      + stride(from: 0, to: small.count, by: size).map {
        Array(small[$0..<min(small.count, $0 + size)])
      }
    let read = Threads(threads: threads).map(groups.count) { number in
      Result {
        var agreement = Agreement(schema: schema)
        for file in groups[number] {
          try agreement.add(FolderWriter.parts(of: file.path, in: folder))
        }
        return agreement
      }
    }
    var all = Agreement(schema: schema)
    for result in read { all.add(try result.get()) }
    return all
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
