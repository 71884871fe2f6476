internal import ArgumentParser
internal import Documents
internal import Foundation

/// `sequitur explain`: the whole story of one finding, from a review's report.json.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "The whole story of one finding, down to the raw records.",
    discussion: "Looks through the reviews under --out, the latest window first.")
  @Argument(help: "The id of a finding, of one occurrence of it, or of decided advice.")
  var id: String
  @Option(help: "The folder that reviews are written to.") var out: String = "output"

  func run() throws {
    let reports = try WrittenReport.all(in: out)
    guard !reports.isEmpty else {
      throw Failure("\(out): no review with a report.json; make one with `sequitur review`")
    }
    let findingID = id.split(separator: ".").first.map(String.init) ?? id
    for report in reports {
      guard let finding = report.findings.first(where: { $0.text("id") == findingID }) else {
        continue
      }
      let decision = report.decisions.first { $0.text("id") == findingID }
      let story = Story(
        finding: finding, controls: report.controls(of: finding), decision: decision,
        review: report.id, only: id == findingID ? nil : id)
      print(story.text)
      return
    }
    // Advice has no row of its own in a report, but what was decided on it has.
    for report in reports {
      guard let decision = report.decisions.first(where: { $0.text("id") == id }) else { continue }
      print(DecisionStory(decision: decision).ofAdvice(in: report.id))
      return
    }
    let known = Set(reports.flatMap { $0.findings + $0.decisions }.compactMap { $0.text("id") })
      .sorted()
    let begun = known.filter { $0.hasPrefix(findingID) }
    let hint =
      begun.isEmpty
      ? didYouMean(findingID, among: known)
      : "; ids that begin so:\n  " + begun.prefix(10).joined(separator: "\n  ")
    throw Failure(
      "no finding `\(id.prefix(120))` in \(counted(reports.count, "review")) under \(out)\(hint)")
  }
}

/// A report.json of an earlier run, as far as it is explained.
private struct WrittenReport {
  let id: String
  let to: String
  let findings: [JSONObject]
  let decisions: [JSONObject]
  private let controls: [JSONObject]

  /// The controls that a finding bears on: it names them, or in a large review each control names its
  /// findings and its mappings give the reasons.
  func controls(of finding: JSONObject) -> [JSONObject] {
    guard let id = finding.text("id"), finding.text("controlsAbsentBecause") != nil else {
      return finding.objects("controls")
    }
    let subjects = finding.texts("themes") + [finding.text("policy") ?? ""]
    return controls.filter { $0.texts("findings").contains(id) }.map { control in
      let reasons = control.objects("mappings")
        .filter { subjects.contains($0.text("theme") ?? "") }.compactMap { $0.text("reason") }
      return control.setting("reason", reasons.joined(separator: " "))
    }
  }

  /// All reviews of a folder, the latest first.
  static func all(in folder: String) throws -> [WrittenReport] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var reports: [WrittenReport] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)/report.json"
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        throw Failure("\(path): not a report: expected a JSON object")
      }
      let root = JSONObject(object)
      let review = root.object("review")
      reports.append(
        WrittenReport(
          id: review?.text("id") ?? name, to: review?.text("to") ?? "",
          findings: root.objects("findings"), decisions: root.objects("decisions"),
          controls: root.objects("controls")))
    }
    return reports.sorted { ($0.to, $0.id) > ($1.to, $1.id) }
  }
}

/// A JSON object whose values are asked for by kind.
private struct JSONObject {
  private let values: [String: Any]

  init(_ values: [String: Any]) { self.values = values }

  func text(_ key: String) -> String? { values[key] as? String }
  func number(_ key: String) -> Double? { (values[key] as? NSNumber)?.doubleValue }
  func bool(_ key: String) -> Bool { values[key] as? Bool ?? false }
  func texts(_ key: String) -> [String] { values[key] as? [String] ?? [] }
  func object(_ key: String) -> JSONObject? { (values[key] as? [String: Any]).map(JSONObject.init) }
  func objects(_ key: String) -> [JSONObject] {
    (values[key] as? [[String: Any]] ?? []).map(JSONObject.init)
  }

  /// The same with another text.
  func setting(_ key: String, _ text: String) -> JSONObject {
    var values = values
    values[key] = text
    return JSONObject(values)
  }

  /// `task T1, agent ops`, by name.
  var pairs: String {
    values.compactMap { key, value in (value as? String).map { "\(key) \($0)" } }
      .sorted().joined(separator: ", ")
  }
}

/// The words of one finding.
private struct Story {
  let finding: JSONObject
  let controls: [JSONObject]
  /// What was decided on it before; nil where nobody did.
  let decision: JSONObject?
  let review: String
  /// The one occurrence that is asked for.
  let only: String?

  var text: String {
    var lines = [finding.text("title") ?? ""]
    let risk = finding.number("risk").map { ", risk \(String(format: "%.3f", $0))" } ?? ""
    lines.append(
      "\(finding.text("id") ?? "") · \(finding.text("severity") ?? "") · "
        + "\(finding.text("status") ?? "")\(risk) · review \(review)")
    lines.append("agents: \(finding.texts("agents").joined(separator: ", "))")
    if let decision { lines += DecisionStory(decision: decision).lines }
    add("why it matters", finding.text("because"), to: &lines)
    add("what to do", finding.text("remedy"), to: &lines)
    for doubt in finding.texts("falsePositives") { add("may look like it", doubt, to: &lines) }
    for assumption in finding.texts("assumptions") { add("assumed", assumption, to: &lines) }
    lines += held
    for occurrence in finding.objects("occurrences")
    where only == nil || occurrence.text("id") == only {
      lines += story(of: occurrence)
    }
    lines += controlLines
    return lines.map(\.printable).joined(separator: "\n")
  }

  private var held: [String] {
    let privileges = finding.objects("privileges")
    guard !privileges.isEmpty else { return [] }
    return ["", "privileges"]
      + privileges.map { privilege in
        let via = privilege.text("via").map { ", by \($0)" } ?? ""
        return "  \(privilege.text("step") ?? ""): \(privilege.text("action") ?? "") of "
          + "\(privilege.text("agent") ?? "")\(via)"
      }
  }

  private func story(of occurrence: JSONObject) -> [String] {
    var lines = ["", "occurrence \(occurrence.text("id") ?? "")"]
    if let key = occurrence.object("key") { lines.append("  together by \(key.pairs)") }
    for link in occurrence.objects("chain") { lines += event(link) }
    if let excuse = occurrence.object("excusedBy") {
      lines.append("  excused by")
      lines += event(excuse)
    }
    for missing in occurrence.texts("lookedForAndNotFound") {
      lines.append("  looked for and not found: \(missing)")
    }
    if let step = occurrence.text("missingStep") { lines.append("  lacking: step \(step)") }
    if let reason = occurrence.text("indeterminateReason") {
      lines.append("  not decided: \(reason)")
    }
    if occurrence.bool("orderSensitive") {
      lines.append("  order-sensitive: in another order of its equal times there is no chain")
    }
    if occurrence.bool("untimed") {
      lines.append("  untimed: its source has no clock, spans of time were not judged")
    }
    return lines
  }

  private func event(_ link: JSONObject) -> [String] {
    let time = link.text("time") ?? "no clock"
    let resource = link.text("resource").map { " on \($0)" } ?? ""
    let outcome = link.text("outcome").map { $0 == "allowed" ? "" : ", \($0)" } ?? ""
    var lines = [
      "  \(time)  \(link.text("step") ?? ""): \(link.text("agent") ?? "") "
        + "\(link.text("action") ?? "")\(resource)\(outcome)"
    ]
    if let file = link.text("file"), let line = link.number("line") {
      lines.append("    \(file):\(Int(line))")
    }
    if let raw = link.text("rawLine") {
      lines += raw.split(separator: "\n").map { "    \($0)" }
    }
    return lines
  }

  private var controlLines: [String] {
    guard !controls.isEmpty else { return [] }
    return ["", "controls"]
      + controls.map { control in
        let cited = control.text("citedAs").map { " (cited as \($0))" } ?? ""
        return "  \(control.text("framework") ?? "") \(control.text("id") ?? "")\(cited): "
          + (control.text("reason") ?? "")
      }
  }

  private func add(_ label: String, _ text: String?, to lines: inout [String]) {
    if let text, !text.isEmpty { lines.append("\(label): \(text)") }
  }
}

/// The words of one decision.
private struct DecisionStory {
  let decision: JSONObject

  /// How it stands, who decided what and when, why, and what the review saw of it.
  var lines: [String] {
    let until = decision.text("until").map { "until \($0)" } ?? "without a date"
    var lines = [
      "decided: \(decision.text("decision") ?? "") \(until), by \(decision.text("decidedBy") ?? "") "
        + "on the sheet of review \(decision.text("askedBy") ?? ""): \(decision.text("state") ?? "")",
      "  reason: \(decision.text("reason") ?? "")",
    ]
    lines += decision.texts("evidence").map { "  seen: \($0)" }
    lines += decision.texts("warnings").map { "  doubt: it \($0)" }
    if let file = decision.text("file"), let line = decision.number("line") {
      lines.append("  read from \(file):\(Int(line))")
    }
    return lines
  }

  /// The whole story of a decision on advice.
  func ofAdvice(in review: String) -> String {
    let head = [
      decision.text("about") ?? "", "\(decision.text("id") ?? "") · advice · review \(review)",
      "agents: \(decision.texts("agents").joined(separator: ", "))",
    ]
    return (head + lines).map(\.printable).joined(separator: "\n")
  }
}
