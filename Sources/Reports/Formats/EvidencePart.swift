internal import Controls
internal import Findings
internal import Model
internal import Policies

/// Section 6 of the index: what the review rests on, and how it was made.
struct EvidencePart {
  private let page: IndexPage
  private var input: InputSummary { page.report.input }

  /// The section of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    let sources = SourceCoverage.all(of: input.files)
    let health = page.review.policyHealth
    return .object([
      "say": .text(sentence), "joins": JoinsPart(page).values,
      "sources": .list(sources.map(source)), "hasSources": .flag(!sources.isEmpty),
      "files": .count(input.files.count), "events": .count(input.events),
      "statements": .count(input.statements), "problemCount": .count(input.problems.count),
      "problems": .list(problems), "problemPlaces": .list(problemPlaces),
      "moreProblemPlaces": moreProblemPlaces, "hasProblems": .flag(!input.problems.isEmpty),
      "isClean": .flag(input.problems.isEmpty && !input.files.isEmpty),
      "moreProblems": moreProblems,
      "unclassified": .list(
        input.unclassifiedActions.prefix(10).map {
          .object(["name": .text($0.name), "count": .count($0.count)])
        }),
      "hasUnclassified": .flag(!input.unclassifiedActions.isEmpty),
      "unclassifiedCount": .count(input.unclassifiedActions.count),
      "health": .list(health.prefix(IndexPage.Shown.policies).map(policy)),
      "hasHealth": .flag(!health.isEmpty), "policyCount": .count(health.count),
      "sums": sums(health),
      "exceptions": ExceptionsPart(page.site).values,
      "method": method,
    ])
  }

  private var sentence: String {
    guard !input.files.isEmpty else { return "No file was read." }
    let unread = input.files.count { $0.type == nil }
    var text =
      "\(NumberText.count(input.events, "event", "events")) and "
      + "\(NumberText.count(input.statements, "statement", "statements")) of privileges were read "
      + "from \(NumberText.count(input.files.count - unread, "file", "files"))"
    if let first = input.firstEvent, let last = input.lastEvent {
      text += ", from \(TimeText.full(first)) to \(TimeText.full(last)) UTC"
    }
    text += "."
    if unread > 0 {
      text +=
        " \(NumberText.capitalWord(unread)) \(unread == 1 ? "file was" : "files were") not "
        + "recognised and not read."
    }
    return text
  }

  private func source(_ source: SourceCoverage) -> ViewValue {
    .object([
      "type": .text(source.type ?? "not recognised"), "files": .count(source.files),
      "events": .count(source.events), "agents": .count(source.agents),
      "statements": .count(source.statements), "problems": .count(source.problems),
      "from": .text(source.firstEvent.map(TimeText.full) ?? "—"),
      "to": .text(source.lastEvent.map(TimeText.full) ?? "—"),
    ])
  }

  /// Problems by reason and consequence, most first, each with its first place.
  private var groups: [(first: Problem, count: Int, files: Int)] {
    var places: [[String]: Int] = [:]
    var groups: [(first: Problem, count: Int, files: Set<String>)] = []
    for problem in input.problems {
      let key = [problem.reason, problem.consequence]
      if let place = places[key] {
        groups[place].count += 1
        groups[place].files.insert(problem.file)
      } else {
        places[key] = groups.count
        groups.append((problem, 1, [problem.file]))
      }
    }
    return groups.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map { ($0.element.first, $0.element.count, $0.element.files.count) }
  }

  private var problems: [ViewValue] {
    groups.prefix(IndexPage.Shown.problems).map { group in
      .object([
        "place": .text(
          group.first.line > 0 ? "\(group.first.file):\(group.first.line)" : group.first.file),
        "count": .count(group.count),
        "reason": .text(SafeText.cut(group.first.reason, scalarsMax: 300)),
        "consequence": .text(group.first.consequence),
        "files": group.files > 1 ? .count(group.files) : .none,
      ])
    }
  }

  /// Every problem with its place, up to what a page can carry.
  private var problemPlaces: [ViewValue] {
    input.problems.prefix(IndexPage.Shown.problemPlaces).map { problem in
      .object([
        "place": .text(problem.line > 0 ? "\(problem.file):\(problem.line)" : problem.file),
        "reason": .text(SafeText.cut(problem.reason, scalarsMax: 300)),
      ])
    }
  }

  private var moreProblemPlaces: ViewValue {
    let rest = input.problems.count - IndexPage.Shown.problemPlaces
    return rest > 0 ? .count(rest) : .none
  }

  private var moreProblems: ViewValue {
    let all = groups.count
    return all > IndexPage.Shown.problems ? .count(all - IndexPage.Shown.problems) : .none
  }

  private func policy(_ health: PolicyHealth) -> ViewValue {
    let policy = page.site.index.policies[health.policy]
    return .object([
      "policy": .text(health.policy), "kind": .text(policy?.rule.word ?? "—"),
      "keys": .count(health.keys), "completions": .count(health.completions),
      "excused": .count(health.excused), "nearMisses": .count(health.nearMisses),
      "indeterminate": .count(health.indeterminate), "pending": .count(health.pending),
      "unkeyed": .count(health.unkeyed),
      "warnings": .texts(health.warnings), "isHealthy": .flag(health.warnings.isEmpty),
    ])
  }

  private func sums(_ health: [PolicyHealth]) -> ViewValue {
    func sum(_ path: KeyPath<PolicyHealth, Int>) -> ViewValue {
      .count(health.reduce(0) { $0 + $1[keyPath: path] })
    }
    return .object([
      "keys": sum(\.keys), "completions": sum(\.completions), "excused": sum(\.excused),
      "nearMisses": sum(\.nearMisses), "indeterminate": sum(\.indeterminate),
      "warnings": .count(health.count { !$0.warnings.isEmpty }),
    ])
  }

  private var method: ViewValue {
    let report = page.report
    let kinds = Finding.Kind.allCases.compactMap { kind -> String? in
      let count = report.review.findings.count { $0.kind == kind }
      return count > 0 ? "\(NumberText.grouped(count)) \(kind.rawValue)" : nil
    }
    return .object([
      "findings": .text(
        kinds.isEmpty ? "none" : kinds.joined(separator: ", ")),
      "findingCount": .count(report.review.findings.count),
      "scoringVersion": .text(report.review.scoringVersion),
      "vocabularyVersion": .text(report.input.vocabularyVersion),
      "frameworks": .texts(
        report.frameworks.map { "\($0.title) \($0.version), mapping \($0.mappingVersion)" }),
      "hasFrameworks": .flag(!report.frameworks.isEmpty),
      "numbers": .list(numberGroups),
    ])
  }

  /// The scoring numbers by the first part of their names.
  private var numberGroups: [ViewValue] {
    var order: [String] = []
    var groups: [String: [NamedValue]] = [:]
    for number in page.review.scoringNumbers {
      let name = number.name.split(separator: ".", maxSplits: 1).map(String.init)
      let group = name.first ?? number.name
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(
        NamedValue(name: name.count > 1 ? name[1] : "", value: number.value))
    }
    return order.map { group in
      .object([
        "group": .text(group),
        "values": .text(
          (groups[group] ?? []).map {
            $0.name.isEmpty ? $0.value : "\($0.name) \($0.value)"
          }.joined(separator: " · ")),
      ])
    }
  }
}
