internal import Controls
internal import Findings
internal import Model
internal import Policies

/// The pages of one report: where each lies, and how they speak of agents, bands and statuses.
struct HTMLSite {
  let index: ReportIndex
  /// The way from the page to the review's folder: empty or `../`.
  var root = ""
  /// Whether there is one page only, on which everything stands.
  private var isOnePage = false

  var report: Report { index.report }
  var review: Review { index.report.review }

  /// The pages of a report.
  init(_ index: ReportIndex) { self.index = index }

  /// The site of a page that stands alone: agents are its parts, frameworks have no page.
  init(onePage index: ReportIndex) {
    self.init(index)
    isOnePage = true
  }

  /// The same pages seen from one folder down.
  var below: HTMLSite {
    var site = self
    site.root = "../"
    return site
  }

  /// The path of an agent's page; nil for who is no agent of the review.
  func path(agent id: String) -> String? {
    index.names.agentPaths[id].map { isOnePage ? "#\(HTMLSite.anchor(agentPath: $0))" : $0 }
  }

  /// The anchor of an agent on a page that stands alone.
  func anchor(agent id: String) -> String {
    index.names.agentPaths[id].map(HTMLSite.anchor) ?? Naming.anchor(id)
  }

  private static func anchor(agentPath: String) -> String {
    agentPath.replacing("/", with: "-").replacing(".html", with: "")
  }

  /// The path of a framework's page; nil where it has none.
  func path(framework id: String) -> String? { isOnePage ? nil : index.names.frameworkPaths[id] }

  /// What pages call an agent.
  func name(agent id: String) -> String {
    index.names.agents[id] ?? SafeText.cut(Naming.short(id), scalarsMax: 80)
  }

  /// An agent as a link where it has a page: `name`, `href`.
  func link(agent id: String) -> ViewValue {
    .object([
      "name": .text(name(agent: id)), "href": .exact(path(agent: id).map { root + $0 }),
    ])
  }

  /// Agents as links, the first few of many: `links`, `more`.
  func links(agents ids: [String], max: Int) -> ViewValue {
    .object([
      "links": .list(ids.prefix(max).map { link(agent: $0) }),
      "more": ids.count > max ? .count(ids.count - max) : .none,
    ])
  }

  /// The address of a finding: on the page of its first agent that has one, else on the index.
  func href(finding: Finding) -> String {
    if isOnePage { return "#\(Naming.anchor(finding.id))" }
    let page = finding.agents.lazy.compactMap { path(agent: $0) }.first ?? "index.html"
    return "\(root)\(page)#\(Naming.anchor(finding.id))"
  }

  /// What every page has: `root`, `reviewID`, `tool`, `window`.
  func page(title: String, _ values: ViewMembers) -> ViewValue {
    let common: ViewMembers = [
      "title": .text(title), "root": .text(root), "reviewID": .text(report.id),
      "tool": .text("\(report.tool) \(report.toolVersion)"), "window": .text(window),
      "schemaVersion": .text(report.schemaVersion),
    ]
    return .object(common.adding(values))
  }

  /// The window in words.
  var window: String {
    guard let from = review.from, let to = review.to else { return "no window: no timed events" }
    return "\(TimeText.date(from)) to \(TimeText.date(to)) (UTC)"
  }

  /// A band's mark: `word`, `style`, `icon`, `rank`.
  static func band(_ band: Severity?) -> ViewValue {
    guard let band else {
      return .object([
        "word": .text("not assessed"), "style": .text("none"), "icon": .text("b0"),
        "rank": .text(""),
      ])
    }
    return .object([
      "word": .text(band.rawValue), "style": .text(band.rawValue),
      "icon": .text("b\(band.rank + 1)"), "rank": .text("\(band.rank + 1)"),
    ])
  }

  /// The band of an agent: `at least low` where a part of it was not assessed. Nothing is above
  /// critical, so that there the word says enough.
  static func band(of assessment: AgentAssessment) -> ViewValue {
    guard assessment.isBandAtLeast, let band = assessment.band, band < .critical else {
      return band(assessment.band)
    }
    return .object([
      "word": .text("at least \(band.rawValue)"), "style": .text(band.rawValue),
      "icon": .text("b\(band.rank + 1)"), "rank": .text("\(band.rank + 1)"),
    ])
  }

  /// The mark of a finding's status: `word`, `icon`, `rank`.
  static func status(_ status: Finding.Status) -> ViewValue {
    .object([
      "word": .text(word(status)), "icon": .text(icon(status)), "rank": .text("\(rank(status))"),
    ])
  }

  static func word(_ status: Finding.Status) -> String {
    switch status {
    case .nearMiss: return "near miss"
    case .realised, .excused, .latent, .pending, .indeterminate, .open: return status.rawValue
    }
  }

  private static func icon(_ status: Finding.Status) -> String {
    switch status {
    case .realised, .open: return "s-r"
    case .excused: return "c-s"
    case .nearMiss: return "s-n"
    case .latent: return "s-l"
    case .pending: return "s-p"
    case .indeterminate: return "s-i"
    }
  }

  /// The order of statuses on pages: what happened first.
  static func rank(_ status: Finding.Status) -> Int {
    switch status {
    case .realised: return 0
    case .nearMiss: return 1
    case .pending: return 2
    case .indeterminate: return 3
    case .latent: return 4
    case .excused: return 5
    case .open: return 6
    }
  }

  /// A control's mark: `word`, `icon`, `tile`.
  static func status(_ status: ControlStatus) -> ViewValue {
    let (icon, tile): (String, String)
    switch status {
    case .notSatisfied: (icon, tile) = ("c-n", "bad")
    case .partly: (icon, tile) = ("c-p", "part")
    case .satisfied: (icon, tile) = ("c-s", "sat")
    case .notAssessed: (icon, tile) = ("c-u", "na")
    }
    return .object([
      "word": .text(status.rawValue), "icon": .text(icon), "tile": .text(tile),
    ])
  }

  /// A score: `value`, `isAtLeast`, `reason`; `value` is missing where there is none.
  static func score(_ score: Score) -> ViewValue {
    var isAtLeast = false
    if case .atLeast = score { isAtLeast = true }
    return .object([
      "value": .text(score.value.map { "\($0)" }), "isAtLeast": .flag(isAtLeast),
      "reason": .text(score.reason), "sort": .text(score.value.map { "\($0)" } ?? ""),
    ])
  }

  /// A place in the input: `cloudtrail/a.json:12`.
  func place(_ position: SourcePosition) -> String {
    guard let path = index.path(position) else { return "not known" }
    return position.line > 0 ? "\(path):\(position.line)" : path
  }
}
