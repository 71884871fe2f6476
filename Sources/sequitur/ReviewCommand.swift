internal import ArgumentParser
internal import Controls
internal import Documents
internal import Findings
internal import Foundation
internal import History
internal import Intake
internal import Model
internal import Policies
internal import Reports

/// `sequitur review`: reads, judges, and writes the folder of a review.
struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Reviews the agents, privileges and events in files and folders.",
    discussion: """
      Exit code 0: the review was made. 1: an open realised finding has at least the severity of \
      --fail-on. 2: no judgement could be made, or --strict and a problem in the input.
      """)

  @Argument(help: "Folders and files to read; each file's type is recognised by its content.")
  var paths: [String] = []
  @Option(help: "A review.yaml that pins the name, the window, policies and formats.")
  var config: String?
  @Option(help: "A further policy file or folder of them; may be given several times.")
  var policies: [String] = []
  @Option(help: "The folder that the review's folder is written to; default: output.")
  var out: String?
  @Option(help: "Formats to write, with commas between; default: all.")
  var formats: String?
  @Option(help: "The first date or time to report on; earlier events still start chains.")
  var from: String?
  @Option(help: "The last date or time; default: the last event's.")
  var to: String?
  @Option(help: "Findings that are lived with for a while: `exceptions.yaml`.")
  var exceptions: String?
  @Option(
    help: """
      A filled-in decisions.csv of an earlier review, or a folder of those that owners sent back; \
      may be given several times.
      """)
  var decisions: [String] = []
  @Option(help: "The file that keeps earlier reviews; default: history.sqlite in --out.")
  var history: String?
  @Flag(help: "Compare with no earlier review and keep nothing of this one.")
  var noHistory = false
  @Option(help: "Exit with 1 when a realised finding has at least this severity, and no exception.")
  var failOn: Severity?
  @Flag(
    help: "Replay the window against what is advised: what would be denied, and what would wait.")
  var replay = false
  @Flag(help: "Exit with 2 when the input has any problem.")
  var strict = false
  @Flag(help: "Show argument values and message bodies in raw records; default: masked.")
  var showValues = false
  @Flag(help: "No progress on standard error.")
  var quiet = false
  @Flag(help: "The summary on standard output as JSON.")
  var jsonSummary = false
  @Flag(help: "Judge only the policies given, without the shipped ones.")
  var noShippedPolicies = false
  @Flag(help: "Make no SHA-256 of the files read; the report says so.")
  var noInputDigests = false
  @Option(help: "Threads to read and judge on; default: the machine's. The result is the same.")
  var threads: Int?
  @Option(
    help: """
      How much memory the events may take, for example 512MiB; what does not fit goes to a \
      temporary file beside the output; default: 2GiB. The result is the same.
      """)
  var memory: String?
  @Flag(help: "Say on standard error what each part of the work took.")
  var timings = false
  @Option(
    help: """
      The review's name, which names its folder too; default: its window, or `untimed-` and a \
      digest of what was read.
      """)
  var name: String?
  @Option(help: "A private key (`sequitur keygen`) that signs the manifest of what was written.")
  var signKey: String?
  @Option(help: "Also the whole folder as one file beside it: zip or tar.gz.")
  var pack: String?
  @Option(help: "A file for the figures of the run as Prometheus reads them: `sequitur.prom`.")
  var metrics: String?
  @Option(help: "How standard error is written: text, or json, one object a line.")
  var logFormat: Log.Format?
  @OptionGroup var root: RootOption

  /// What was asked for, beyond what is read.
  private struct Wishes {
    var name: String?
    var from: Timestamp?
    var to: Timestamp?
    var exceptions: [Findings.Exception]
    var decisions: DecisionFiles
    var past: PastReviews?
    var threads: Int
    var memory: MemoryBound
    var formats: [ReportFormat]
  }

  /// A review that was made and written.
  struct Made {
    var report: Report
    var input: ReviewInput
    var manifest: Manifest
    var folder: String
    var written: [String]
    fileprivate var past: PastReviews?
    fileprivate var snapshot: ReviewSnapshot
    fileprivate var stopwatch: Stopwatch

    /// Keeps it for later reviews.
    fileprivate mutating func keep() throws {
      try past?.keep(snapshot, report.review)
      stopwatch.lap("keep")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    var log = Log(format: logFormat ?? .text, isQuiet: quiet)
    var metricsFile: MetricsFile?
    var made: Made?
    var code: Int32 = 2
    do {
      let file = try config.map { try ReviewFile(path: $0) } ?? ReviewFile()
      let command = filled(from: file)
      log = command.log
      metricsFile = try command.metrics.map(MetricsFile.init)
      var review = try command.makeReview(file, log, .keeping)
      made = review
      try review.keep()
      let summary = Summary(report: review.report, folder: review.folder, paths: review.written)
      print(command.jsonSummary ? summary.json : summary.text)
      code = command.exitCode(of: review)
    } catch let failure as Failure {
      log.fail(failure.text, code: code)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    do {
      try metricsFile?.write(
        Metrics(
          Metrics.Run(
            endSeconds: Date().timeIntervalSince1970, seconds: seconds, exitCode: code),
          report: made?.report))
    } catch let failure as Failure {
      code = 2
      log.fail(failure.text, code: code)
    }
    if let made { log.finish(made, seconds: seconds, exitCode: code) }
    if code != 0 { throw ExitCode(code) }
  }

  /// Reads, judges and writes, and keeps nothing in the history.
  func makeReview() throws -> Made {
    let file = try config.map { try ReviewFile(path: $0) } ?? ReviewFile()
    let command = filled(from: file)
    return try command.makeReview(file, command.log, .reading)
  }

  /// What the exit code says of a review that was made.
  private func exitCode(of made: Made) -> Int32 {
    let problems = made.report.input.problems.count
    if strict, problems > 0 {
      log.fail("--strict: \(counted(problems, "problem")) in the input", code: 2)
      return 2
    }
    guard let failOn else { return 0 }
    let isReached = made.report.review.findings.contains {
      $0.status == .realised && $0.severity >= failOn && $0.exceptedBy == nil
    }
    return isReached ? 1 : 0
  }

  /// Reads, judges and writes, by a command that was filled from its file.
  private func makeReview(
    _ file: ReviewFile, _ log: Log, _ use: PastReviews.Use
  ) throws -> Made {
    guard !paths.isEmpty else {
      throw Failure("nothing to review: name folders or files, or `inputs` in the file of --config")
    }
    log.say(
      "started", .info, ["version": .text(Sequitur.version), "paths": .count(paths.count)])
    var stopwatch = Stopwatch(isQuiet: !timings, log: log)
    let out = out ?? ReviewCommand.outDefault
    let asked = try parseWindow(
      from: from.map { ($0, "--from") } ?? file.from.map { ($0, "\(config ?? ""): from") },
      to: to.map { ($0, "--to") } ?? file.to.map { ($0, "\(config ?? ""): to") })
    let chosen = try chosenFormats(file)
    let excepted = try readExceptions(exceptions)
    let decided = try DecisionFiles(decisions)
    let name = try chosenName(file)
    let evidence = try EvidencePack(signKey: signKey, form: pack)
    let root = try Root(option: root.root)
    let mappings = try Mappings(
      root: root, policyPaths: file.policies + policies, hasShipped: !noShippedPolicies)
    let templates = try readTemplates(root, for: chosen)

    let progress = Progress(log: log)
    defer { progress.finish() }
    try OutputFolder.check(out)
    let files = try InputFiles(paths: paths, output: out, progress: progress)
    progress.expect(bytes: files.bytesAll)
    let threads = try threadCount()
    let memory = try memoryBound()
    let past = try stopwatch.apart("history") { try pastReviews(below: out, use) }
    var input = mappings.read(
      files.sources, from: asked.from, to: asked.to, threads: threads,
      isHashed: !noInputDigests, memory: memory)
    try refuseFailure(of: memory)
    log.read(input, seconds: stopwatch.seconds)
    try refuseNothing(input)
    stopwatch.lap("read")
    let wishes = Wishes(
      name: name, from: asked.from, to: asked.to, exceptions: excepted, decisions: decided,
      past: past, threads: threads, memory: memory, formats: chosen)
    var report = try judge(&input, mappings, files, wishes, progress, &stopwatch)
    log.say(problems: Array(report.input.problems.dropFirst(input.problems.count)))
    let snapshot = report.snapshot
    try stopwatch.apart("history") { try ReviewCommand.compare(&report, snapshot, with: past) }
    stopwatch.lap(apart: "history")
    progress.say("writing the report")
    let flags = evidence.flags(
      name: report.id, from: asked.from, to: asked.to, formats: chosen, showValues: showValues,
      isShipped: !noShippedPolicies, isHashed: !noInputDigests, isCompared: !noHistory,
      isReplayed: replay)
    let folder = OutputFolder(parent: URL(fileURLWithPath: out), name: report.id)
    let writing = ReviewWriting(
      report: report, formats: chosen, templates: templates, evidence: evidence, flags: flags,
      mappings: try root.digest(
        given: file.policies + policies + [exceptions].compactMap { $0 }),
      threads: threads)
    let manifest = try writing.write(to: folder)
    progress.finish()
    stopwatch.lap("report")
    return Made(
      report: report, input: input, manifest: manifest, folder: "\(out)/\(report.id)",
      written: writing.paths(of: manifest), past: past, snapshot: snapshot, stopwatch: stopwatch)
  }

  /// The history that the review is compared with; nil where none is wanted.
  private func pastReviews(below out: String, _ use: PastReviews.Use) throws -> PastReviews? {
    try noHistory ? nil : PastReviews(path: history ?? "\(out)/history.sqlite", for: use)
  }

  /// Says what changed, or why that is not known.
  private static func compare(
    _ report: inout Report, _ snapshot: ReviewSnapshot, with past: PastReviews?
  ) throws {
    report.change = try past?.change(to: snapshot) ?? .absent(because: "--no-history was given")
    report.trend = try past?.trend(to: snapshot) ?? .absent(because: "--no-history was given")
  }

  /// Judges what was read.
  private func judge(
    _ input: inout ReviewInput, _ mappings: Mappings, _ files: InputFiles, _ wishes: Wishes,
    _ progress: Progress, _ stopwatch: inout Stopwatch
  ) throws -> Report {
    progress.say("judging \(counted(input.activity.events, "event"))")
    let window = ReviewWindow(of: input.activity.times, from: wishes.from, to: wishes.to)
    try refuseBackwards(window)
    let evaluation = evaluate(
      mappings.policies, spilled: &input, from: window.from, to: window.to,
      on: Threads(threads: wishes.threads))
    stopwatch.lap("judge")
    stopwatch.say("pairs of event and policy", evaluation.pairs)
    let id = wishes.name ?? reviewName(window, input)
    let decided = try stopwatch.apart("history") {
      try wishes.decisions.joined(wishes.past, review: id, endingAt: window.to)
    }
    var review = try findings(of: input, mappings, evaluation, window, wishes, decided.taken)
    review = review.holding(wishes.exceptions + review.decisions.compactMap(\.exception))
    try refuseFailure(of: wishes.memory)
    var report = Report(
      tool: "sequitur", toolVersion: Sequitur.version, schemaVersion: Report.currentSchemaVersion,
      id: id, input: InputSummary(input), review: review,
      policies: mappings.policies,
      frameworks: assess(mappings.frameworks, review: review, policies: mappings.policies),
      rawLines: rawRecords(
        at: places(of: review, evaluation, input.table), of: files.sources,
        showsValues: showValues, threads: wishes.threads))
    report.crosswalk = mappings.crosswalk
    report.decisionFiles = wishes.decisions.files
    report.input.problems += wishes.decisions.problems + decided.problems
    stopwatch.lap("findings")
    return showValues ? report : report.maskingValues()
  }

  /// The name asked for, which becomes a folder's.
  private func chosenName(_ file: ReviewFile) throws -> String? {
    guard let name else { return file.name }
    guard ReviewFile.isName(name) else {
      throw Failure(
        "--name: it names a folder: letters, digits, `.`, `-`, `_`, not `\(name.prefix(60))`")
    }
    return name
  }

  /// The review, and where it was asked for the replay of its gates: the texts themselves are judged,
  /// as whoever takes them over would.
  private func findings(
    of input: ReviewInput, _ mappings: Mappings, _ evaluation: Evaluation, _ window: ReviewWindow,
    _ wishes: Wishes, _ decided: [TakenDecision]
  ) throws -> Review {
    let hasPolicies = wishes.formats.contains { $0.name == ReportFormat.policies.name }
    var review = Findings.review(
      input: input, policies: mappings.policies, evaluation: evaluation,
      scoring: mappings.scoring, from: window.from, to: window.to,
      extent: ReviewExtent(proposals: hasPolicies, replay: replay, decisions: decided),
      on: Threads(threads: wishes.threads))
    if let plan = review.gates, replay {
      review.replay?.gates = GateReplay(
        try mappings.policies(of: plan), input: input, evaluation: evaluation, from: window.from,
        to: window.to)
    }
    return review
  }

  /// The exceptions of a file; none where none is given.
  private func readExceptions(_ path: String?) throws -> [Findings.Exception] {
    guard let path else { return [] }
    do {
      return try Findings.readExceptions(text: try readText(path, shownAs: path), file: path)
    } catch let problems as DocumentProblems {
      throw Failure(problems.text)
    }
  }

  /// The formats asked for, which must be known.
  private func chosenFormats(_ file: ReviewFile) throws -> [ReportFormat] {
    let given = formats.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let names = given?.map(String.init) ?? file.formats
    guard !names.isEmpty else { return ReportFormat.all }
    let known = ReportFormat.all.map(\.name)
    for name in names where !known.contains(name) {
      throw Failure(
        "\(given == nil ? "\(config ?? ""): formats" : "--formats"): "
          + "expected some of \(known.joined(separator: ",")), not `\(name.prefix(40))`")
    }
    return ReportFormat.all.filter { names.contains($0.name) }
  }

  /// A folder without one readable file is no clean review: it is no review.
  private func refuseNothing(_ input: ReviewInput) throws {
    guard input.files.contains(where: { $0.type != nil }) else {
      let reasons = input.problems.prefix(20).map { "\n  \($0.file.printable): \($0.reason)" }
        .joined()
      let more = input.problems.count > 20 ? "\n  and \(input.problems.count - 20) more" : ""
      throw Failure("nothing to review: no file was recognised\(reasons)\(more)")
    }
  }

  /// One bound asked for, the other the log's: they may miss each other.
  private func refuseBackwards(_ window: ReviewWindow) throws {
    guard let from = window.from, let to = window.to, to < from else { return }
    throw Failure(
      "nothing to review: the window begins at \(from.rfc3339) and ends at \(to.rfc3339)")
  }

  /// By the window; where nothing has a time by what was read, so that the reviews of two inputs do
  /// not take each other's place.
  private func reviewName(_ window: ReviewWindow, _ input: ReviewInput) -> String {
    guard let from = window.from, let to = window.to else {
      var digest = FileDigest()
      for file in input.files {
        digest.add(Array("\(file.path.utf8.count) \(file.path) \(file.bytes) ".utf8))
        digest.add(Array((file.sha256 ?? "").utf8))
      }
      return "untimed-\(digest.text.prefix(8))"
    }
    return "\(Timestamp.date(dayNumber: from.dayNumber))_\(Timestamp.date(dayNumber: to.dayNumber))"
  }

  private func readTemplates(_ root: Root, for formats: [ReportFormat]) throws -> Templates {
    var texts: [String: String] = [:]
    for folder in ["templates", "templates/partials", "templates/schema"] {
      let endings = [".mustache", ".css", ".js", ".xsd", ".json"]
      for path in try root.files(in: folder, endings: endings) {
        texts[String(path.dropFirst("templates/".count))] = try root.text(path)
      }
    }
    guard formats.contains(where: \.hasPages) else { return Templates(withoutPages: texts) }
    do { return try Templates(texts) } catch { throw Failure(error.text) }
  }

  /// The places of the records that chains show: of each finding's occurrences of most risk, as many
  /// as a page lists. A finding of thousands names file and line of the rest.
  private func places(
    of review: Review, _ evaluation: Evaluation, _ table: EventTable
  ) -> [SourcePosition: Int64] {
    var shown: Set<SourcePosition> = []
    for finding in review.findings {
      let byRisk = finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }
      for occurrence in byRisk.prefix(Self.recordsShownMax) {
        shown.formUnion(occurrence.chain.map(\.position))
        if let excuse = occurrence.excusedBy { shown.insert(excuse.position) }
      }
    }
    var places: [SourcePosition: Int64] = [:]
    for match in evaluation.matches {
      for index in match.chain.map(\.event) + [match.excusedBy].compactMap({ $0 }) {
        let event = table.events[index]
        if shown.contains(event.position) { places[event.position] = event.offset }
      }
    }
    return places
  }

  /// Occurrences of one finding whose records are shown.
  private static let recordsShownMax = 100

  private static let memoryDefault = "2GiB"
  private static let outDefault = "output"

  private func memoryBound() throws -> MemoryBound {
    let memory = memory ?? ReviewCommand.memoryDefault
    guard let bytes = MemoryBound.bytes(of: memory) else {
      throw Failure("--memory: expected a size as `2GiB` or `512MiB`, not `\(memory.prefix(40))`")
    }
    return MemoryBound(bytes: bytes, store: SpillFile(near: out ?? ReviewCommand.outDefault))
  }

  /// What could not be kept or read back makes no review.
  private func refuseFailure(of memory: MemoryBound) throws {
    if let failure = memory.store.failure {
      throw Failure("--memory \(self.memory ?? ReviewCommand.memoryDefault): \(failure)")
    }
  }

  private func threadCount() throws -> Int {
    guard let threads else { return ProcessInfo.processInfo.activeProcessorCount }
    guard (1...256).contains(threads) else {
      throw Failure("--threads: expected a number from 1 to 256, not \(threads)")
    }
    return threads
  }
}

extension Severity: ExpressibleByArgument {}

extension Log.Format: ExpressibleByArgument {}
