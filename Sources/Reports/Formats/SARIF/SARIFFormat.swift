internal import Controls
internal import Findings
internal import Model
internal import Policies

extension ReportFormat {
  /// findings.sarif: SARIF 2.1.0, for code hosts and editors.
  static let sarif = ReportFormat(name: "sarif") { index, _, take in
    let log = SARIFLog(index)
    try JSONSink.document(
      to: { try take(RenderedFile(path: "findings.sarif", bytes: $0)) }, log.write)
  }
}

/// A report as a SARIF log of one run: policies and built-in rules are rules, frameworks are
/// taxonomies, an occurrence is a code flow through the input files.
struct SARIFLog {
  let index: ReportIndex
  /// Policies and built-in rules with a place in the list of rules.
  private let rules: [Rule]
  let rulePlaces: [String: Int]
  private var report: Report { index.report }

  /// One rule, whoever made it.
  private struct Rule {
    var id: String
    var title: String
    var because: String?
    var remedy: String
    var level: String?
    var themes: [String]
  }

  /// The log of a report.
  init(_ index: ReportIndex) {
    self.index = index
    let policies = index.report.policies.map { policy in
      Rule(
        id: policy.id, title: policy.title, because: policy.because, remedy: policy.remedy,
        level: SARIFLog.level(policy.severity), themes: policy.themes)
    }
    let known = Set(policies.map(\.id))
    let builtIn = BuiltInRule.allCases.filter { !known.contains($0.rawValue) }.map { rule in
      Rule(
        id: rule.rawValue, title: rule.title, because: nil, remedy: rule.remedy, level: nil,
        themes: rule.themes)
    }
    var rules = policies + builtIn
    var named = Set(rules.map(\.id))
    for finding in index.report.review.findings where named.insert(finding.policy).inserted {
      rules.append(
        Rule(
          id: finding.policy, title: finding.title, because: finding.because,
          remedy: finding.remedy, level: nil, themes: finding.themes))
    }
    self.rules = rules
    rulePlaces = Dictionary(
      rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Writes the whole log.
  func write(to sink: inout JSONSink) {
    sink.text(
      "$schema",
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    sink.text("version", "2.1.0")
    sink.list("runs", of: "run") { $0.member(writeRun) }
  }

  private func writeRun(to sink: inout JSONSink) {
    sink.object("tool") { $0.object("driver", writeDriver) }
    sink.object("automationDetails") { $0.text("id", "sequitur/\(URIText.path(report.id))/") }
    sink.text("columnKind", "unicodeCodePoints")
    sink.object("originalUriBaseIds") { sink in
      sink.object("INPUT") {
        $0.object("description") { $0.text("text", "the reviewed folder") }
      }
    }
    sink.list("invocations", of: "invocation") { $0.member(writeInvocation) }
    sink.list("artifacts", of: "artifact") { sink in
      for file in report.input.files { sink.member { writeArtifact(file, to: &$0) } }
    }
    sink.list("results", of: "result") { sink in
      for finding in report.review.findings {
        sink.member { SARIFResult(log: self, finding: finding).write(to: &$0) }
      }
    }
    sink.list("taxonomies", of: "taxonomy") { sink in
      for framework in report.frameworks { sink.member { writeTaxonomy(framework, to: &$0) } }
    }
  }

  private func writeDriver(to sink: inout JSONSink) {
    sink.text("name", report.tool)
    sink.text("version", report.toolVersion)
    sink.text("semanticVersion", report.toolVersion)
    sink.list("rules", of: "rule") { sink in
      for rule in rules { sink.member { writeRule(rule, to: &$0) } }
    }
    sink.list("supportedTaxonomies", of: "taxonomy") { sink in
      for framework in report.frameworks { sink.member { $0.text("name", framework.id) } }
    }
  }

  private func writeRule(_ rule: Rule, to sink: inout JSONSink) {
    sink.text("id", rule.id)
    sink.object("shortDescription") { $0.text("text", SARIFLog.message(rule.title)) }
    if let because = rule.because, !because.isEmpty {
      sink.object("fullDescription") { $0.text("text", SARIFLog.message(because)) }
    }
    if !rule.remedy.isEmpty {
      sink.object("help") { $0.text("text", SARIFLog.message(rule.remedy)) }
    }
    if let level = rule.level {
      sink.object("defaultConfiguration") { $0.text("level", level) }
    }
    sink.object("properties") { $0.texts("tags", of: "tag", rule.themes) }
  }

  /// Problems in the input are notifications: what was not read was not judged.
  private func writeInvocation(to sink: inout JSONSink) {
    sink.flag("executionSuccessful", true)
    sink.list("toolExecutionNotifications", of: "notification") { sink in
      for problem in report.input.problems {
        sink.member { sink in
          sink.text("level", "warning")
          sink.object("message") {
            $0.text("text", SARIFLog.message("\(problem.reason): \(problem.consequence)"))
          }
          sink.list("locations", of: "location") { sink in
            sink.member { writePlace(problem.file, line: problem.line, to: &$0) }
          }
        }
      }
    }
  }

  private func writeArtifact(_ file: InputFile, to sink: inout JSONSink) {
    sink.object("location") { SARIFLog.writeAddress(file.path, to: &$0) }
    sink.integer("length", file.bytes)
    sink.texts("roles", of: "role", ["analysisTarget"])
    if let digest = file.sha256 { sink.object("hashes") { $0.text("sha-256", digest) } }
  }

  private func writeTaxonomy(_ framework: FrameworkAssessment, to sink: inout JSONSink) {
    sink.text("name", framework.id)
    sink.text("version", framework.version)
    sink.object("shortDescription") { $0.text("text", SARIFLog.message(framework.title)) }
    sink.list("taxa", of: "taxon") { sink in
      for control in framework.controls {
        sink.member { sink in
          sink.text("id", control.id)
          sink.object("shortDescription") { $0.text("text", SARIFLog.message(control.title)) }
          sink.object("properties") { sink in
            if let cited = control.citedAs { sink.text("citedAs", cited) }
            sink.text("status", control.status.rawValue)
            sink.integer("populationTested", control.tested)
            sink.integer("population", control.of)
          }
        }
      }
    }
  }

  /// A location in an input file; lines count from 1, so 0 is none.
  func writePlace(_ path: String, line: Int, to sink: inout JSONSink) {
    sink.object("physicalLocation") { sink in
      sink.object("artifactLocation") { SARIFLog.writeAddress(path, to: &$0) }
      if line > 0 { sink.object("region") { $0.integer("startLine", line) } }
    }
  }

  private static func writeAddress(_ path: String, to sink: inout JSONSink) {
    sink.text("uri", URIText.path(path))
    sink.text("uriBaseId", "INPUT")
  }

  /// The level of a severity.
  static func level(_ severity: Severity) -> String {
    switch severity {
    case .critical, .high: return "error"
    case .moderate: return "warning"
    case .low: return "note"
    }
  }

  /// Text of a message: brackets would be taken for a link, braces for a placeholder.
  static func message(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "[": result += "\\["
      case "]": result += "\\]"
      case "{": result += "{{"
      case "}": result += "}}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result.isEmpty ? "(empty)" : result
  }
}
