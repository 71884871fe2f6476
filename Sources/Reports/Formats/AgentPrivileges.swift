internal import Findings
internal import Model

/// What an agent holds: the heaviest one by one, the rest by the statement that grants them.
struct AgentPrivileges {
  private let site: HTMLSite
  private let assessment: AgentAssessment
  /// The rows of the clean-up list that are about one privilege, by what they say of it.
  private let advice: [[String]: CleanupRow]

  /// The privileges of an agent.
  init(_ site: HTMLSite, assessment: AgentAssessment) {
    self.site = site
    self.assessment = assessment
    let rows = site.index.cleanup(of: assessment.agent.id)
    advice = Dictionary(rows.map { ([$0.action] + $0.resources, $0) }, uniquingKeysWith: { $1 })
  }

  /// All values.
  var values: ViewValue {
    let isAll = assessment.privileges.count <= AgentPage.Shown.privileges
    let shown = assessment.privileges.heaviest(
      isAll ? AgentPage.Shown.privileges : AgentPage.Shown.privilegesOfMany)
    let groups = isAll ? [] : assessment.privileges.groups
    return .object([
      "has": .flag(!shown.isEmpty), "say": .text(sentence),
      "caption": .text(
        isAll
          ? "All \(NumberText.grouped(assessment.held))."
          : "The heaviest \(NumberText.grouped(shown.count)) rows."),
      "rows": .list(shown.map(row)), "groups": .list(groups.map(group)),
      "hasGroups": .flag(!groups.isEmpty),
      "groupCount": .count(groups.reduce(0) { $0 + $1.count }),
      "held": .count(assessment.held), "used": .count(assessment.used),
      "unused": .count(assessment.unused), "unseen": .count(assessment.unseen),
      "bar": .markup(
        PrivilegeBar.picture(
          used: assessment.used, unused: assessment.unused, unseen: assessment.unseen)),
    ])
  }

  private var sentence: String {
    if assessment.privileges.isEmpty {
      return assessment.privilegeIndex.score.value == nil
        ? "No source of privileges names it: what it may do is not known."
        : "Its grants come to nothing: it holds no privilege."
    }
    if assessment.unseen == assessment.held {
      return
        "Of \(NumberText.count(assessment.held, "privilege", "privileges")) no log shows the use."
        + conditional
    }
    var text =
      "Of \(NumberText.count(assessment.held, "privilege", "privileges")), "
      + "\(used(assessment.used)) used and \(NumberText.grouped(assessment.unused)) never"
    text +=
      assessment.unseen > 0
      ? "; of \(NumberText.grouped(assessment.unseen)) the log cannot show use." : "."
    return text + conditional
  }

  private var conditional: String {
    let count = assessment.conditionalStatements
    guard count > 0 else { return "" }
    return
      " \(NumberText.capitalWord(count)) \(count == 1 ? "statement has" : "statements have") a "
      + "condition that could not be judged, and \(count == 1 ? "counts" : "count") fully."
  }

  private func used(_ count: Int) -> String {
    count == 0 ? "none was" : "\(NumberText.grouped(count)) \(count == 1 ? "was" : "were")"
  }

  private func row(_ privilege: HeldPrivilege) -> ViewValue {
    let own = advice[[privilege.action] + privilege.resources]
    return .object([
      "action": .text(privilege.action), "scope": .text(CleanupPart.scope(privilege.resources)),
      "except": .text(
        privilege.except.isEmpty ? nil : CleanupPart.scope(privilege.except)),
      "level": .text(privilege.level.rawValue),
      "capabilities": .text(
        privilege.capabilities.isEmpty ? nil : NumberText.few(privilege.capabilities, max: 4)),
      "classifiedBy": .text(privilege.meaningOrigin == .named ? nil : classified(privilege)),
      "reach": .text(NumberText.fixed(privilege.reach, decimals: 2)),
      "unused": .text(
        privilege.usage == .cannotBeSeen
          ? "not known" : NumberText.fixed(privilege.unusedReach, decimals: 2)),
      "use": .text(use(privilege)), "useNote": .text(useNote(privilege)),
      "advice": .text(privilege.advice?.rawValue ?? "—"),
      "points": .text(
        own.flatMap {
          $0.riskRemoved > 0 ? NumberText.count($0.riskRemoved, "point", "points") : nil
        }),
      "narrowTo": .text(
        own.flatMap { $0.narrowTo.isEmpty ? nil : CleanupPart.scope($0.narrowTo) }),
      "via": .text(privilege.origin.text), "place": .text(site.place(privilege.position)),
      "moreGrants": privilege.grants > 1 ? .count(privilege.grants - 1) : .none,
      "condition": .text(privilege.condition.map { SafeText.cut($0, scalarsMax: 120) }),
    ])
  }

  private func classified(_ privilege: HeldPrivilege) -> String {
    privilege.meaningOrigin == .none
      ? "meaning not known" : "by \(privilege.meaningOrigin.rawValue)"
  }

  private func use(_ privilege: HeldPrivilege) -> String {
    switch privilege.usage {
    case .unused: return "never"
    case .cannotBeSeen: return "cannot be seen"
    case .used, .usedNarrower: return privilege.lastUse.map(TimeText.date) ?? "used"
    }
  }

  private func useNote(_ privilege: HeldPrivilege) -> String? {
    switch privilege.usage {
    case .unused:
      return "in \(NumberText.count(assessment.evidence.daysWithLogs, "day", "days")) with logs"
    case .cannotBeSeen: return nil
    case .used: return NumberText.count(privilege.uses, "use", "uses")
    case .usedNarrower:
      let resources = privilege.observedResources.count
      let bound = resources == HeldPrivilege.observedResourcesMax ? "at least " : ""
      return "\(NumberText.count(privilege.uses, "use", "uses")), \(bound)"
        + NumberText.count(resources, "resource", "resources")
    }
  }

  private func group(_ group: PrivilegeGroup) -> ViewValue {
    .object([
      "via": .text(group.key.via), "place": .text(site.place(group.position)),
      "service": .text(group.key.service ?? "several"),
      "level": .text(group.key.level?.rawValue ?? "several"),
      "usage": .text(group.key.usage.rawValue),
      "advice": .text(group.key.advice?.rawValue ?? "none"),
      "count": .count(group.count),
      "actions": .text(SafeText.cut(group.actions.joined(separator: ", "), scalarsMax: 160)),
    ])
  }
}
