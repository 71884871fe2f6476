import Model

@testable import Controls
@testable import Findings
@testable import Policies
@testable import Reports

/// A report with one of everything: seven agents of one fictional organisation.
///
/// `taint` is applied to every text that an input could have given, so that a test can make all of
/// them hostile at once.
struct SampleReport: Sendable {
  let taint: @Sendable (String) -> String

  /// The sample with its texts as they are.
  static let plain = SampleReport { $0 }

  /// One text of an input.
  func t(_ text: String) -> String { taint(text) }

  var report: Report {
    var report = reportWithoutChange
    report.change = .known(change)
    report.trend = .known(trend)
    return report
  }

  /// One finding and one agent of each way to change.
  private var change: ReviewChange {
    let causes = ReviewChange.Cause.allCases
    let kinds = ReviewChange.Kind.allCases
    return ReviewChange(
      baseline: t("2026-Q2"), baselineFrom: SampleReport.time("2026-04-01T00:00:00Z"),
      baselineTo: SampleReport.time("2026-06-28T23:59:59Z"), gapDays: 2,
      ruleChanges: [t("policies added: small-exports-pass-the-limit")],
      findings: kinds.enumerated().map { number, kind in
        ReviewChange.FindingChange(
          kind: kind, finding: findingID(number), policy: t("some-policy"), title: t("A finding"),
          agents: [SampleReport.ops], severity: .high,
          before: kind == .new || kind == .reopened ? nil : .latent,
          after: kind == .resolved ? nil : .realised,
          lastSeenIn: kind == .reopened ? t("2026-Q1") : nil, causes: [causes[number]])
      },
      unchanged: 4,
      agents: [
        ReviewChange.AgentChange(
          agent: SampleReport.ops, privilegeBefore: 20, privilegeAfter: 48, compositionBefore: nil,
          compositionAfter: 81, isNew: false, isGone: false, causes: [.organisation, .time]),
        ReviewChange.AgentChange(
          agent: t("gone-agent"), privilegeBefore: 3, privilegeAfter: nil, compositionBefore: 0,
          compositionAfter: nil, isNew: false, isGone: true, causes: [.organisation]),
      ])
  }

  /// One review that was kept before it kept what cannot be seen, one of which nothing could be
  /// seen, and this one.
  private var trend: [ReviewFigures] {
    [
      (t("2026-Q1"), "2026-03-31", nil), (t("2026-Q2"), "2026-06-28", 80),
      (t("2026-Q3"), "2026-09-30", 13),
    ]
    .map { review, end, unseen in
      var figures = ReviewFigures(
        review: review, from: nil, to: SampleReport.time("\(end)T23:59:59Z"))
      figures.critical = unseen == nil ? 1 : 3
      figures.low = 1_204
      figures.notAssessed = 1
      figures.held = unseen == 80 ? 80 : 82
      figures.unused = unseen == 80 ? 0 : 41
      figures.unseen = unseen
      figures.findings = [.realised: 4, .latent: 1, .open: 3]
      return figures
    }
  }

  private var reportWithoutChange: Report {
    var report = Report(
      tool: "sequitur", toolVersion: "1.0.0", schemaVersion: "1.0.0", id: t("2026-Q3"),
      input: input, review: review, policies: policies, frameworks: frameworks,
      rawLines: rawLines)
    report.crosswalk = crosswalk
    report.decisionFiles = decisionFiles
    return report
  }

  /// A review that read nothing.
  static var empty: Report {
    Report(
      tool: "sequitur", toolVersion: "1.0.0", schemaVersion: "1.0.0", id: "empty",
      input: InputSummary(
        files: [], problems: [], events: 0, firstEvent: nil, lastEvent: nil, statements: 0,
        vocabularyVersion: "2026.09", unclassifiedActions: []),
      review: Review(
        from: nil, to: nil, agents: [], findings: [], cleanup: [],
        estate: Estate(
          critical: 0, high: 0, moderate: 0, low: 0, notAssessed: 0, held: 0, used: 0, unused: 0,
          unseen: 0, heldHazard: 0, unusedHazard: 0, topTenShare: nil),
        policyHealth: [], unwatched: [], scoringVersion: "1", scoringNumbers: []),
      policies: [], frameworks: [], rawLines: [:])
  }

  /// A time of the third quarter of 2026 by RFC 3339 text.
  static func time(_ text: String) -> Timestamp {
    Timestamp(rfc3339: text) ?? Timestamp(seconds: 0)
  }

  static let from = time("2026-07-01T00:00:00Z")
  static let to = time("2026-09-30T23:59:59Z")

  private var input: InputSummary {
    var trail = InputFile(
      path: t("cloudtrail/2026-q3.ndjson.gz"), type: "aws-cloudtrail",
      recognisedBecause: "records with eventSource and eventName",
      sha256: String(repeating: "a1", count: 32), bytes: 18_220_114)
    trail.platform = "aws"
    trail.events = 48_210
    trail.problems = 1
    trail.firstEvent = SampleReport.time("2026-07-01T00:00:04Z")
    trail.lastEvent = SampleReport.time("2026-09-30T23:41:10Z")
    var grants = InputFile(
      path: t("authorization-details.json"), type: "aws-authorization-details",
      recognisedBecause: "UserDetailList, RoleDetailList",
      sha256: String(repeating: "b2", count: 32), bytes: 802_003)
    grants.platform = "aws"
    grants.agents = 5
    grants.statements = 61
    var transcript = InputFile(
      path: t("transcripts/ops-agent.json"), type: "transcript",
      recognisedBecause: "messages with roles and tool calls",
      sha256: String(repeating: "c3", count: 32), bytes: 90_113)
    transcript.events = 213
    transcript.problems = 2
    let unread = InputFile(
      path: t("notes/readme.docx"), type: nil,
      recognisedBecause: t("no known source: neither JSON, NDJSON, YAML nor CSV"),
      sha256: String(repeating: "d4", count: 32), bytes: 12_034)
    var summary = InputSummary(
      files: [grants, trail, unread, transcript],
      problems: [
        Problem(
          file: t("cloudtrail/2026-q3.ndjson.gz"), line: 18_022, reason: t("time has no zone"),
          consequence: "not read: its order cannot be trusted"),
        Problem(
          file: t("transcripts/ops-agent.json"), line: 41, reason: t("tool call without a result"),
          consequence: "kept; outcome unknown"),
        Problem(
          file: t("transcripts/ops-agent.json"), line: 57, reason: t("tool call without a result"),
          consequence: "kept; outcome unknown"),
      ],
      events: 48_423, firstEvent: SampleReport.time("2026-07-01T00:00:04Z"),
      lastEvent: SampleReport.time("2026-09-30T23:41:10Z"), statements: 61,
      vocabularyVersion: "2026.09",
      unclassifiedActions: [NamedCount(name: t("acme:FrobnicateLedger"), count: 12)])
    summary.joins = joins
    return summary
  }

  private var joins: Joins {
    var joins = Joins()
    joins.agents = [
      AgentJoin(rule: .agentName, name: t("Ops agent"), agent: t("ops-agent")),
      AgentJoin(
        rule: .roleSession, name: t("arn:aws:sts::1:assumed-role/ops/s-1"), agent: t("ops-agent")),
    ]
    joins.tasks = [
      TaskJoin(
        rule: .request, name: nil, task: t("CHG-1"), knownBy: "otel-genai",
        source: "aws-cloudtrail", events: 3),
      TaskJoin(
        rule: .sessionName, name: t("CHG-2026-2"), task: t("CHG-2026-2"), knownBy: nil,
        source: "aws-cloudtrail", events: 41),
    ]
    joins.clocks = [
      ClockDifference(
        callers: "otel-genai", servers: "aws-cloudtrail", requests: 3, atLeast: 2_100_000_000,
        atMost: 2_900_000_000)
    ]
    return joins
  }

  private var review: Review {
    var review = reviewWithoutExceptions.holding(exceptions)
    review.decisions = decisions(on: review.findings)
    review.questions = questions(on: review.findings, review.decisions)
    return review
  }

  /// One in force and one that has ended, of which the second is for what is still there.
  private var exceptions: [Findings.Exception] {
    func exception(_ id: String, _ finding: Int, until: String) -> Findings.Exception {
      Exception(
        id: t(id), target: .finding(findingID(finding)), owner: t("Customer Care"),
        approver: t("alice"), reason: t("the old system is moved"), ticket: t("RISK-118"),
        compensatingControl: t("a weekly look"), from: SampleReport.from,
        until: SampleReport.time(until), file: t("exceptions.yaml"), line: 3)
    }
    return [
      exception("EX-2026-004", 1, until: "2026-12-31T23:59:59Z"),
      exception("EX-2026-011", 6, until: "2026-08-31T23:59:59Z"),
    ]
  }

  private var reviewWithoutExceptions: Review {
    Review(
      from: SampleReport.from, to: SampleReport.to, agents: agents, findings: findings,
      cleanup: cleanup, cutSet: cutSet, gates: gates,
      proposals: proposals, replay: replay,
      estate: Estate(
        critical: 3, high: 1, moderate: 1, low: 1, notAssessed: 1, moderateAtLeast: 1, held: 82,
        used: 28, unused: 41,
        unseen: 13, heldHazard: 18.42, unusedHazard: 9.184, topTenShare: 1),
      policyHealth: policyHealth,
      unwatched: [
        NamedCount(name: "data.read", count: 30_112), NamedCount(name: "unclassified", count: 12),
      ],
      scoringVersion: "1",
      scoringNumbers: [
        NamedValue(name: "evidence.days", value: "30"),
        NamedValue(name: "hazards.audit.disable", value: "0.55"),
        NamedValue(name: "hazards.privilege.grant", value: "0.65"),
        NamedValue(name: "links.same-session", value: "0.5"),
        NamedValue(name: "links.same-task", value: "0.6"),
        NamedValue(name: "nearMissFactor", value: "0.3"),
        NamedValue(name: "recency.halfLifeDays", value: "180"),
        NamedValue(name: "severities.critical", value: "0.9"),
      ])
  }

  private var policyHealth: [PolicyHealth] {
    var deploy = PolicyHealth(policy: policies[0].id, steps: 4)
    deploy.matchedPerStep = [1_104, 31, 44, 38]
    deploy.keys = 1_104
    deploy.completions = 3
    deploy.episodes = 3
    deploy.excused = 1
    deploy.nearMisses = 1
    deploy.indeterminate = 1
    var exports = PolicyHealth(policy: policies[1].id, steps: 1)
    exports.matchedPerStep = [9_870]
    exports.keys = 212
    exports.completions = 1
    exports.episodes = 1
    exports.unkeyed = 4
    var audit = PolicyHealth(policy: policies[2].id, steps: 2)
    audit.warnings = [t("no event reached step `off`")]
    return [audit, deploy, exports]
  }

  var policies: [Policy] {
    [
      policy(
        "deploy-with-secret-without-approval", "A secret goes into a release that nobody approved",
        .critical, steps: ["ticket", "secret", "deploy", "restart"],
        themes: ["approval-bypass", "chained-actions"]),
      policy(
        "small-exports-pass-the-limit", "Many small exports together pass the limit", .high,
        steps: [], themes: ["cumulative-effect", "data-exfiltration"]),
      policy(
        "audit-off-then-change", "The audit trail is switched off, then something changes",
        .high, steps: ["off", "change"], themes: ["audit-evasion"]),
      policy(
        "vendor-created-bank-details-changed",
        "A new vendor's bank details change hands unapproved",
        .critical, steps: ["vendor", "price", "delegate", "bank"],
        themes: ["delegation", "payment-fraud"]),
    ]
  }

  private func policy(
    _ id: String, _ title: String, _ severity: Severity, steps: [String], themes: [String]
  ) -> Policy {
    let any = Selector(
      does: ["data.export"], actions: [], condition: .always, outcomes: [.allowed], bind: [],
      same: [], differs: [])
    let rule: Rule =
      steps.isEmpty
      ? .limit(
        Limit(
          anchors: [],
          aggregate: Aggregate(
            stepID: "export", of: any, measure: .count, threshold: 100,
            thresholdIsInclusive: false, windowNanoseconds: 86_400_000_000_000)))
      : .forbid(
        steps.map {
          Step(id: t($0), selector: any, gapNanoseconds: nil, absent: [], repeats: false)
        })
    return Policy(
      id: t(id), version: 1, title: t(title), severity: severity, rule: rule, themes: themes,
      key: [KeyPart(firstOf: [.event(.task)])], delegation: nil, excuse: nil, until: nil,
      withinNanoseconds: 1_800_000_000_000,
      because: t("Each request is permitted; together they change production unseen."),
      falsePositives: [t("An emergency change that was approved by telephone.")],
      remedy: t("Put the secret behind an approval by a second person."), examples: [],
      file: t("mappings/policies/\(id).yaml"), line: 1)
  }

  private var rawLines: [SourcePosition: String] {
    var lines: [SourcePosition: String] = [:]
    for finding in findings {
      for occurrence in finding.occurrences {
        for link in occurrence.chain + (occurrence.excusedBy.map { [$0] } ?? []) {
          lines[link.position] = t(
            #"{"eventTime":"\#(link.time?.rfc3339 ?? "")","eventName":"\#(link.action)","#
              + #""requestParameters":{"secretId":"<text, 14 characters>"}}"#)
        }
      }
    }
    return lines
  }
}
