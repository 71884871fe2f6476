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

  /// A piece of a format, and which part of which file it is.
  private struct Job {
    let format: String
    let piece: ReportPiece
    var part: (file: PartedFile, number: Int)?
  }

  /// What a job has written, and what that states.
  private struct Done {
    var files: [Manifest.File]
    var agreement: Agreement
  }

  /// Makes all files, several at a time; what formats state is read back out of what was written.
  private func render(to writer: FolderWriter) throws {
    let schema = formats.contains { $0.name == "xml" } ? try templates.reportSchema : nil
    let jobs = try jobs(in: writer.folder)
    let folder = writer.folder
    let done = Threads(threads: threads).map(jobs.count) { number in
      Result { try run(jobs[number], in: folder, schema) }
    }
    var agreement = Agreement(schema: schema)
    for result in done {
      let done = try result.get()
      try writer.note(done.files)
      agreement.add(done.agreement)
    }
    let found = agreement.disagreements
    guard found.isEmpty else {
      throw Failure("the formats disagree, nothing was written:\n" + found.joined(separator: "\n"))
    }
  }

  /// All pieces: long ones first, then those of files in several parts, since such a file can only be
  /// read back when it is whole; of them report.xml first, which takes the longest.
  private func jobs(in folder: URL) throws -> [Job] {
    let index = ReportIndex(report)
    var parted: [[Job]] = []
    var whole: [Job] = []
    for format in formats {
      let pieces = try format.pieces(index, templates)
      let counts = Dictionary(pieces.compactMap(\.path).map { ($0, 1) }, uniquingKeysWith: +)
      var file: (path: String, file: PartedFile)?
      for piece in pieces {
        guard let path = piece.path else {
          whole.append(Job(format: format.name, piece: piece))
          continue
        }
        if file?.path != path {
          file = (
            path,
            PartedFile(path, parts: counts[path] ?? 1, in: folder, aheadMax: 2 * threads)
          )
          parted.append([])
        }
        guard let own = file?.file else { continue }
        let number = parted[parted.count - 1].count
        parted[parted.count - 1].append(
          Job(format: format.name, piece: piece, part: (own, number)))
      }
    }
    let isXML = { (jobs: [Job]) in jobs.first?.piece.path == "report.xml" }
    return whole.filter(\.piece.isLong)
      + (parted.filter(isXML) + parted.filter { !isXML($0) }).flatMap { $0 }
      + whole.filter { !$0.piece.isLong }
  }

  /// Writes the files of a job and reads those back that are whole.
  private func run(_ job: Job, in folder: URL, _ schema: [UInt8]?) throws -> Done {
    var done = Done(files: [], agreement: Agreement(schema: schema))
    do {
      if let (file, number) = job.part {
        done.files = try file.add(number, job.piece.write).map { [$0] } ?? []
      } else {
        let writer = FolderWriter(folder)
        try job.piece.write(writer.take)
        try writer.finish()
        done.files = writer.files
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("format \(job.format): \(error)")
    }
    for file in done.files where Agreement.isStating(file.path) {
      try done.agreement.add(FolderWriter.parts(of: file.path, in: folder))
    }
    return done
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
