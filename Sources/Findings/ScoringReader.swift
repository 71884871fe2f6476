package import Documents
internal import Model
internal import Policies

/// Reads `mappings/scoring.yaml`. Every number must be there: none has a default.
package func readScoring(text: String, file: String) throws(DocumentProblems) -> Scoring {
  let document: Document
  do {
    document = try Document.one(text: text, file: file)
  } catch {
    throw DocumentProblems([error])
  }
  var reader = ScoringReader(document: document)
  let scoring = reader.scoring()
  guard reader.problems.isEmpty else { throw DocumentProblems(reader.problems) }
  return scoring
}

/// Reads the parts of the file and collects every mistake on the way.
private struct ScoringReader {
  let document: Document
  var problems: [DocumentProblem] = []

  mutating func scoring() -> Scoring {
    let root = Fields(
      document.root, of: document, what: "the file",
      keys: [
        "version", "hazards", "reach", "exposure", "floors", "bands", "evidence", "composition",
        "advice", "credentials", "logs", "visibility",
      ], problems: &problems)
    return Scoring(
      version: root.requiredText("version", problems: &problems),
      hazards: hazards(root), reach: reach(root), exposure: exposure(root), floors: floors(root),
      bands: bands(root), evidence: evidence(root), composition: composition(root),
      advice: advice(root), logs: logs(root), visibility: visibility(root),
      credentials: credentials(root))
  }

  /// A mapping that must be there; an empty one after a mistake.
  private mutating func section(_ parent: Fields, _ key: String, keys: [String]) -> Fields {
    if parent.node(key) == nil {
      problems.append(document.problem(parent.place, "`\(key)` is missing"))
    }
    let empty = Node(content: .mapping([]), place: parent.place)
    return Fields(
      parent.node(key) ?? empty, of: document, what: "`\(key)`", keys: keys, problems: &problems)
  }

  private mutating func number(
    _ fields: Fields, _ key: String, in range: ClosedRange<Double>
  ) -> Double {
    guard let number = fields.number(key, problems: &problems) else {
      if fields.node(key) == nil {
        problems.append(document.problem(fields.place, "`\(key)` is missing"))
      }
      return range.lowerBound
    }
    if range.contains(number) { return number }
    let bounds =
      "\(decimalText(range.lowerBound, digits: 2)) to \(decimalText(range.upperBound, digits: 2))"
    problems.append(
      document.problem(fields.place(of: key), "`\(key)` must be a number from \(bounds)"))
    return range.lowerBound
  }

  private mutating func share(_ fields: Fields, _ key: String) -> Double {
    number(fields, key, in: 0...1)
  }

  private mutating func count(_ fields: Fields, _ key: String, max: Double) -> Int {
    let value = number(fields, key, in: 0...max)
    if value == value.rounded() { return Int(value) }
    problems.append(document.problem(fields.place(of: key), "`\(key)` must be a whole number"))
    return 0
  }

  private mutating func hazards(_ root: Fields) -> [Scoring.Hazard] {
    let entries = root.node("hazards")?.mapping ?? []
    let fields = section(root, "hazards", keys: entries.map(\.key))
    for level in Level.allCases where fields.node(level.rawValue) == nil {
      problems.append(
        document.problem(fields.place, "the level `\(level.rawValue)` has no hazard"))
    }
    var hazards: [Scoring.Hazard] = []
    for entry in entries {
      hazards.append(Scoring.Hazard(name: entry.key, hazard: share(fields, entry.key)))
    }
    return hazards.sorted { ($1.hazard, $0.name) < ($0.hazard, $1.name) }
  }

  private mutating func reach(_ root: Fields) -> ReachNumbers {
    let fields = section(
      root, "reach",
      keys: [
        "every", "many", "manyCount", "several", "severalCount", "one", "labelled", "labels",
        "nameFirstServices",
      ])
    return ReachNumbers(
      every: share(fields, "every"), many: share(fields, "many"),
      manyCount: count(fields, "manyCount", max: 1_000_000), several: share(fields, "several"),
      severalCount: count(fields, "severalCount", max: 1_000_000), one: share(fields, "one"),
      labelled: share(fields, "labelled"),
      labels: fields.texts("labels", problems: &problems).map { $0.lowercased() },
      nameFirstServices: fields.texts("nameFirstServices", problems: &problems))
  }

  private mutating func exposure(_ root: Fields) -> Scoring.Exposure {
    let fields = section(root, "exposure", keys: ["maxShare", "sumShare", "doublings"])
    let exposure = Scoring.Exposure(
      maxShare: share(fields, "maxShare"), sumShare: share(fields, "sumShare"),
      doublings: number(fields, "doublings", in: 1...64))
    if exposure.maxShare + exposure.sumShare > 1.000_001 {
      problems.append(
        document.problem(fields.place, "`maxShare` and `sumShare` must be at most 1 together"))
    }
    return exposure
  }

  private mutating func floors(_ root: Fields) -> Scoring.Floors {
    let fields = section(
      root, "floors", keys: ["administratorUnused", "escalationUnused", "escalationPartlyUnused"])
    return Scoring.Floors(
      administratorUnused: count(fields, "administratorUnused", max: 100),
      escalationUnused: count(fields, "escalationUnused", max: 100),
      escalationPartlyUnused: count(fields, "escalationPartlyUnused", max: 100))
  }

  private mutating func bands(_ root: Fields) -> Scoring.Bands {
    let fields = section(root, "bands", keys: ["moderate", "high", "critical"])
    let bands = Scoring.Bands(
      moderate: count(fields, "moderate", max: 100), high: count(fields, "high", max: 100),
      critical: count(fields, "critical", max: 100))
    if bands.moderate > bands.high || bands.high > bands.critical {
      problems.append(document.problem(fields.place, "the bands must rise"))
    }
    return bands
  }

  private mutating func evidence(_ root: Fields) -> Scoring.EvidenceThreshold {
    let fields = section(root, "evidence", keys: ["daysMin", "windowShareMin", "ruleOfThree"])
    return Scoring.EvidenceThreshold(
      daysMin: count(fields, "daysMin", max: 100_000),
      windowShareMin: share(fields, "windowShareMin"),
      ruleOfThree: number(fields, "ruleOfThree", in: 0...100))
  }

  private mutating func composition(_ root: Fields) -> Scoring.CompositionNumbers {
    let fields = section(
      root, "composition",
      keys: [
        "severity", "link", "halfLifeDays", "nearMiss", "latent", "latentMax", "realisedCritical",
      ])
    let severity = section(fields, "severity", keys: Severity.allCases.map(\.rawValue))
    let link = section(fields, "link", keys: LinkStrength.allCases.map(\.rawValue))
    var severities: [Double] = []
    for each in Severity.allCases { severities.append(share(severity, each.rawValue)) }
    var links: [Double] = []
    for each in LinkStrength.allCases { links.append(share(link, each.rawValue)) }
    return Scoring.CompositionNumbers(
      severities: severities, links: links,
      halfLifeDays: number(fields, "halfLifeDays", in: 0.01...1_000_000),
      nearMiss: share(fields, "nearMiss"), latent: share(fields, "latent"),
      latentMax: count(fields, "latentMax", max: 100),
      realisedCritical: count(fields, "realisedCritical", max: 100))
  }

  private mutating func advice(_ root: Fields) -> Scoring.AdviceNumbers {
    let fields = section(
      root, "advice", keys: ["rareDaysMax", "justInTimeHazardMin", "regularDaysApartMin"])
    return Scoring.AdviceNumbers(
      rareDaysMax: count(fields, "rareDaysMax", max: 366),
      justInTimeHazardMin: share(fields, "justInTimeHazardMin"),
      regularDaysApartMin: count(fields, "regularDaysApartMin", max: 366))
  }

  private mutating func credentials(_ root: Fields) -> Scoring.CredentialLimits {
    let fields = section(root, "credentials", keys: ["changedDaysMax", "unusedDaysMax", "signIns"])
    return Scoring.CredentialLimits(
      changedDaysMax: count(fields, "changedDaysMax", max: 100_000),
      unusedDaysMax: count(fields, "unusedDaysMax", max: 100_000),
      signIns: fields.texts("signIns", problems: &problems))
  }

  private mutating func logs(_ root: Fields) -> [Scoring.LogRule] {
    var rules: [Scoring.LogRule] = []
    for node in root.node("logs")?.oneOrMany ?? [] {
      let fields = Fields(
        node, of: document, what: "an entry of `logs`", keys: ["grants", "logs"],
        problems: &problems)
      rules.append(
        Scoring.LogRule(
          grants: fields.requiredText("grants", problems: &problems),
          logs: fields.texts("logs", problems: &problems)))
    }
    return rules
  }

  private mutating func visibility(_ root: Fields) -> [Scoring.VisibilityRule] {
    var rules: [Scoring.VisibilityRule] = []
    for node in root.node("visibility")?.oneOrMany ?? [] {
      let fields = Fields(
        node, of: document, what: "an entry of `visibility`", keys: ["switchOn", "log", "actions"],
        problems: &problems)
      rules.append(
        Scoring.VisibilityRule(
          switchOn: fields.requiredText("switchOn", problems: &problems),
          log: fields.requiredText("log", problems: &problems),
          actions: fields.texts("actions", problems: &problems)))
    }
    return rules
  }
}
