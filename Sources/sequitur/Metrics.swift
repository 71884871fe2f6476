internal import Controls
internal import Findings
internal import Foundation
internal import Glibc
internal import Model
internal import Policies
internal import Reports

/// The figures of a run as Prometheus reads them from a file: node_exporter's textfile collector.
///
/// All are gauges, since they are of the last run; times are seconds since 1970. A run that made no
/// review has no figures of one: what is not known is not there, and never zero.
struct Metrics {
  /// How the run ended.
  struct Run {
    var endSeconds: Double
    var seconds: Double
    /// The exit code: 0 made, 1 a finding reached `--fail-on`, 2 no judgement.
    var exitCode: Int32
  }

  private var text = ""

  /// The figures of a run, and of its review where it made one.
  init(_ run: Run, report: Report?) {
    add("last_run_timestamp_seconds", "When the last run ended.", [([], run.endSeconds)])
    add("last_run_duration_seconds", "How long the last run took.", [([], run.seconds)])
    add(
      "last_run_success", "Whether the last run made a review: exit code 0 or 1.",
      [([], run.exitCode < 2 ? 1 : 0)])
    add(
      "last_run_exit_code", "The exit code of the last run: 1 is a finding that reached --fail-on.",
      [([], Double(run.exitCode))])
    guard let report else { return }
    addReview(report)
    addInput(report)
    addEstate(report)
    addFindings(report)
    addControls(report)
  }

  /// The file's bytes.
  var bytes: [UInt8] { Array(text.utf8) }

  private mutating func addReview(_ report: Report) {
    add(
      "review_info", "The review that the figures are of, and what made it.",
      [([("review", report.id), ("version", report.toolVersion)], 1)])
    if let from = report.review.from {
      add("review_window_start_timestamp_seconds", "The start of its window.", [([], from.seconds)])
    }
    if let to = report.review.to {
      add("review_window_end_timestamp_seconds", "The end of its window.", [([], to.seconds)])
    }
  }

  private mutating func addInput(_ report: Report) {
    let files = report.input.files
    let types = Dictionary(grouping: files) { $0.type ?? "not recognised" }
      .sorted { $0.key < $1.key }
    func each(_ count: (InputFile) -> Int) -> [([(String, String)], Double)] {
      types.map { ([("source", $0.key)], Double($0.value.reduce(0) { $0 + count($1) })) }
    }
    add("input_files", "Files that were found, by source.", each { _ in 1 })
    add("input_bytes", "Bytes of these files as they lie on the disk.", each(\.bytes))
    add("input_events", "Events that were read, by source.", each(\.events))
    add("input_problems", "Places in the input that could not be read or judged.", each(\.problems))
  }

  private mutating func addEstate(_ report: Report) {
    let estate = report.review.estate
    add(
      "agents", "Agents by band; those without a score are not assessed.",
      [
        ("critical", estate.critical), ("high", estate.high), ("moderate", estate.moderate),
        ("low", estate.low), ("not assessed", estate.notAssessed),
      ].map { ([("band", $0.0)], Double($0.1)) })
    add(
      "privileges", "Single actions over all agents, by what is known of their use.",
      [("used", estate.used), ("unused", estate.unused), ("cannot be seen", estate.unseen)]
        .map { ([("use", $0.0)], Double($0.1)) })
    add(
      "cleanup_rows", "Rows of the clean-up list by advice.",
      CleanupRow.Advice.allCases.map { advice in
        (
          [("advice", advice.rawValue)],
          Double(report.review.cleanup.count { $0.advice == advice })
        )
      })
  }

  private mutating func addFindings(_ report: Report) {
    let findings = report.review.findings
    var counts: [[String]: Int] = [:]
    for finding in findings {
      counts[Metrics.labels(of: finding), default: 0] += 1
    }
    // Those that are usual are there with zero, so that a rate of change can be told.
    for severity in Severity.allCases {
      for status in [Finding.Status.realised, .nearMiss, .latent] {
        counts[["composition", status.rawValue, severity.rawValue, "false"], default: 0] += 0
      }
    }
    let names = ["type", "status", "severity", "excepted"]
    let rows = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { labels, count in
      (Array(zip(names, labels)), Double(count))
    }
    add("findings", "Findings by what they are about, how they stand and how bad they are.", rows)
    let realised = findings.filter { $0.kind == .composition && $0.status == .realised }
    add(
      "chains_realised", "How often chains happened that broke a policy.",
      [([], Double(realised.reduce(0) { $0 + max(1, $1.occurrencesInAll) }))])
    add(
      "exceptions", "Exceptions by how they stand.",
      ExceptionStanding.State.allCases.map { state in
        ([("state", state.rawValue)], Double(report.review.exceptions.count { $0.state == state }))
      })
    add(
      "policies", "Policies that were applied, by whether their health has a warning.",
      [("healthy", true), ("warning", false)].map { word, isHealthy in
        (
          [("health", word)],
          Double(report.review.policyHealth.count { $0.warnings.isEmpty == isHealthy })
        )
      })
    guard case .known(let change) = report.change else { return }
    add(
      "findings_changed", "Findings that changed since the last review.",
      ReviewChange.Kind.allCases.map { ([("change", $0.rawValue)], Double(change.count($0))) })
  }

  private static func labels(of finding: Finding) -> [String] {
    [
      finding.kind.rawValue, finding.status.rawValue, finding.severity.rawValue,
      finding.exceptedBy == nil ? "false" : "true",
    ]
  }

  private mutating func addControls(_ report: Report) {
    add(
      "controls", "Controls of each framework by status.",
      report.frameworks.flatMap { framework in
        ControlStatus.allCases.map { status in
          (
            [("framework", framework.id), ("status", status.rawValue)],
            Double(framework.controls.count { $0.status == status })
          )
        }
      })
  }

  // MARK: the text format

  private mutating func add(
    _ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]
  ) {
    guard !samples.isEmpty else { return }
    text += "# HELP sequitur_\(name) \(help)\n# TYPE sequitur_\(name) gauge\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0.0)=\"\(Metrics.escaped($0.1))\"" }
      text += "sequitur_\(name)" + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
      text += " \(Metrics.number(sample.value))\n"
    }
  }

  /// A label's value: the format knows three escapes, and takes every other character as it is.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      .replacing("\r", with: " ")
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\((value * 1_000).rounded() / 1_000)"
  }
}

/// The file of `--metrics`: replaced in one step, so that whoever collects it never sees a part.
struct MetricsFile {
  private let path: String

  /// A file that can be written, as far as that can be told before the work begins.
  init(path: String) throws {
    self.path = path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard access(folder, W_OK | X_OK) == 0 else {
      throw Failure("--metrics: \(path): no folder that can be written to is there")
    }
    guard Location(path).kind != .folder else {
      throw Failure("--metrics: \(path): a folder; expected a file")
    }
  }

  /// Writes the figures; the collector reads `*.prom` only, so the temporary name is none.
  func write(_ metrics: Metrics) throws {
    let url = URL(fileURLWithPath: path)
    Leftovers(of: url.deletingLastPathComponent()).remove(ending: "writing")
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).writing-\(getpid())")
    do {
      try Data(metrics.bytes).write(to: temporary)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw Failure("--metrics: \(path): cannot be written: \(error.localizedDescription)")
    }
    guard rename(temporary.path, path) == 0 else {
      let reason = String(cString: strerror(errno))
      try? FileManager.default.removeItem(at: temporary)
      throw Failure("--metrics: \(path): cannot be written: \(reason)")
    }
  }
}

extension Timestamp {
  fileprivate var seconds: Double { Double(nanoseconds / 1_000_000) / 1_000 }
}
