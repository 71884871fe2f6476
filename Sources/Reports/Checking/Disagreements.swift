/// Reads ids and counts back out of rendered files and compares them: every disagreement, in words.
///
/// Formats that are not among the files are not compared; a file that cannot be read back is a
/// disagreement.
package func disagreements(between files: [RenderedFile]) -> [String] {
  var agreement = Agreement(schema: nil)
  for file in files {
    do { try agreement.add(FileParts(file)) } catch { return ["\(file.path): \(error)"] }
  }
  return agreement.disagreements
}

/// The self-check across formats, file by file and part by part, so that no file lies in memory as a
/// whole.
///
/// Works on the bytes alone, by other code than wrote them. Checks of different files may be made
/// side by side and taken together.
package struct Agreement: Sendable {
  /// What report.xml has to be valid by; nil where that was asked elsewhere.
  private let schema: [UInt8]?
  private var facts: [ReportFacts] = []
  /// All pages; nil as long as there is none.
  private var pages: ReportFacts?
  /// All owners' pages; nil as long as there is none.
  private var owners: ReportFacts?

  /// No file so far.
  package init(schema: [UInt8]?) { self.schema = schema }

  /// Takes the facts of a whole file; of a file that states none, nothing.
  package mutating func add(_ file: FileParts) throws {
    switch file.path {
    case "report.json": facts.append(try ReportFacts(json: file))
    case "report.xml": facts.append(try ReportFacts(xml: file, schema: schema))
    case "cleanup.csv": facts.append(try ReportFacts(cleanupCSV: file))
    case "privileges.csv": facts.append(try ReportFacts(privilegesCSV: file))
    case "findings.sarif": facts.append(try ReportFacts(sarif: file))
    case "findings.ocsf.ndjson": facts.append(try ReportFacts(ocsf: file))
    case "oscal-assessment-results.json": facts.append(try ReportFacts(oscal: file))
    default:
      guard file.path.hasSuffix(".html") else { return }
      if file.path.hasPrefix("owners/") {
        var all = owners ?? .ofOwnersPages
        all.add(ownersPage: try file.whole())
        owners = all
        return
      }
      var all = pages ?? .ofPages
      all.add(page: try file.whole())
      pages = all
    }
  }

  /// Takes the facts that another check has of other files.
  package mutating func add(_ other: Agreement) {
    facts += other.facts
    if let others = other.owners {
      var all = owners ?? .ofOwnersPages
      all.ids[.agent, default: []] += others.ids[.agent] ?? []
      owners = all
    }
    guard let others = other.pages else { return }
    var all = pages ?? .ofPages
    all.add(pages: others)
    pages = all
  }

  /// Whether a file states anything.
  package static func isStating(_ path: String) -> Bool {
    path.hasSuffix(".html") || stating.contains(path)
  }

  private static let stating: Set<String> = [
    "report.json", "report.xml", "cleanup.csv", "privileges.csv", "findings.sarif",
    "findings.ocsf.ndjson", "oscal-assessment-results.json",
  ]

  /// What two files, or one of them and itself, say differently.
  package var disagreements: [String] {
    var facts = facts.sorted { $0.source < $1.source }
    if var pages {
      pages.countRows()
      facts.append(pages)
    }
    if let owners { facts.append(owners) }
    var found = facts.flatMap(\.problems)
    for fact in facts { found += fact.repeatedIDs() + fact.danglingReferences() }
    for (place, left) in facts.enumerated() {
      for right in facts.dropFirst(place + 1) { found += left.differences(from: right) }
    }
    return found
  }
}

/// The ids and counts that one rendering states, read back out of its bytes.
struct ReportFacts: Sendable {
  /// What an id names.
  enum Kind: String, CaseIterable, Sendable {
    case agent, finding, occurrence, control
  }

  /// The file or folder that states them.
  var source: String
  /// Ids in the order stated, visible form (see `SafeText.visible`); no entry where the rendering
  /// does not state this kind.
  var ids: [Kind: [String]] = [:]
  /// Kinds of which only a part may be stated.
  var partial: Set<Kind> = []
  /// Counts by name.
  var counts: [String: Int] = [:]
  /// Findings that agents, controls and scores refer to.
  var references: Set<String> = []
  /// Agents of the clean-up rows in order, as CSV writes them.
  var cleanupAgents: [String]?
  /// Where rows are stated as counts only, how many there are of each agent.
  var cleanupCounts: [String: Int]?
  /// The agent of the group of rows that is read.
  private var groupAgent = ""
  /// What could not be read back.
  var problems: [String] = []
  /// Ids of pages that were met before.
  var seen: [Kind: Set<String>] = [:]

  /// Facts of a source, none yet.
  init(source: String) { self.source = source }

  /// Ids that stand twice where each must stand once.
  func repeatedIDs() -> [String] {
    Kind.allCases.flatMap { kind -> [String] in
      var seen: Set<String> = []
      return (ids[kind] ?? []).filter { !seen.insert($0).inserted }.map {
        "\(source): \(kind.rawValue) `\(SafeText.cut($0, scalarsMax: 200))` stands twice"
      }
    }
  }

  /// References to findings that are not there.
  func danglingReferences() -> [String] {
    guard let findings = ids[.finding], !references.isEmpty else { return [] }
    return references.subtracting(findings).sorted().map {
      "\(source): refers to finding `\(SafeText.cut($0, scalarsMax: 200))`, which it does not have"
    }
  }

  /// What another rendering states differently.
  func differences(from other: ReportFacts) -> [String] {
    var found: [String] = []
    for kind in Kind.allCases {
      guard let mine = ids[kind], let theirs = other.ids[kind] else { continue }
      let left = Set(mine)
      let right = Set(theirs)
      if !other.partial.contains(kind) {
        found += lacks(other.source, kind, left.subtracting(right), that: source)
      }
      if !partial.contains(kind) {
        found += lacks(source, kind, right.subtracting(left), that: other.source)
      }
    }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      if let theirs = other.counts[name], theirs != count {
        found.append("\(name): \(source) says \(count), \(other.source) says \(theirs)")
      }
    }
    if let mine = cleanupAgents, let theirs = other.cleanupAgents {
      if mine != theirs {
        found.append("the agents of the clean-up rows differ: \(source), \(other.source)")
      }
    } else if let mine = rowsOfAgents, let theirs = other.rowsOfAgents, mine != theirs {
      found.append("the clean-up rows of agents differ: \(source), \(other.source)")
    }
    return found
  }

  /// How many clean-up rows there are of each agent; nil where none are stated.
  private var rowsOfAgents: [String: Int]? {
    cleanupCounts
      ?? cleanupAgents.map { Dictionary($0.map { ($0, 1) }, uniquingKeysWith: +) }
  }

  private func lacks(
    _ file: String, _ kind: Kind, _ ids: Set<String>, that other: String
  ) -> [String] {
    ids.sorted().map {
      "\(file) lacks \(kind.rawValue) `\(SafeText.cut($0, scalarsMax: 200))` that \(other) has"
    }
  }

  /// Takes a value of the report by its path of names, list members' own names left out.
  mutating func take(path: String, value: String, framework: inout String) {
    switch path {
    case "agents.id": add(.agent, value)
    case "findings.id": add(.finding, value)
    case "findings.occurrences.id": add(.occurrence, value)
    case "controls.framework": framework = value
    case "controls.id": add(.control, "\(framework) \(value)")
    case "agents.findings", "controls.findings", "agents.compositionIndex.terms.finding",
      "cutSet.left", "gates.unstopped", "gates.rows.findings":
      // An empty list is an empty element in XML, and names nothing.
      if !value.isEmpty { references.insert(SafeText.visible(value)) }
    case "cleanup.agent": cleanupAgents?.append(SafeText.csvContent(value))
    case "cleanupAbsentBecause":
      cleanupAgents = nil
      cleanupCounts = [:]
    case "cleanupGroups.agent": groupAgent = SafeText.csvContent(value)
    case "cleanupGroups.rows": cleanupCounts?[groupAgent, default: 0] += Int(value) ?? 0
    default:
      if let name = ReportFacts.countNames[path] { takeCount(name, value) }
    }
  }

  /// Takes a count; a rendering that says two numbers for one name disagrees with itself.
  mutating func takeCount(_ name: String, _ value: String) {
    guard let count = Int(value) else {
      return problems.append("\(source): \(name) is `\(SafeText.cut(value, scalarsMax: 40))`")
    }
    if let before = counts[name], before != count {
      problems.append("\(source): \(name) is \(before) in one place and \(count) in another")
    }
    counts[name] = count
  }

  /// Makes the kinds that a whole rendering states present even where there are none.
  mutating func startWhole() {
    for kind in Kind.allCases { ids[kind] = [] }
    cleanupAgents = []
  }

  /// Adds an id.
  mutating func add(_ kind: Kind, _ id: String) {
    ids[kind, default: []].append(SafeText.visible(id))
  }

  /// Adds the counts that follow from the ids and rows.
  mutating func countRows() {
    let rows = cleanupAgents?.count ?? cleanupCounts?.values.reduce(0, +)
    if let rows { takeCount("cleanup rows", String(rows)) }
    for kind in Kind.allCases where !partial.contains(kind) {
      if let ids = ids[kind] { takeCount("\(kind.rawValue)s", String(ids.count)) }
    }
  }

  /// Values that are counts, by path, under the name that all renderings use for them.
  static let countNames = [
    "evidence.events": "events", "evidence.agents": "agents", "evidence.privileges": "held",
    "evidence.statements": "statements", "estate.agents": "agents", "estate.held": "held",
    "estate.used": "used", "estate.unused": "unused", "estate.unseen": "unseen",
    "estate.bands.low": "low", "estate.bands.moderate": "moderate", "estate.bands.high": "high",
    "estate.bands.critical": "critical", "estate.bands.notAssessed": "not assessed",
    "cutSet.chains": "possible chains", "cutSet.ended": "chains that end",
    "replay.cutSet.ended": "chains that end", "replay.gates.stopped": "chains that gates stop",
    "gates.chains": "chains that happened", "gates.stopped": "chains that gates stop",
  ]
}
