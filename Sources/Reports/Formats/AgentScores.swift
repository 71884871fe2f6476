internal import Findings
internal import Model
internal import Policies

/// The two indices of an agent with every term, so that a reader can compute them again.
struct AgentScores {
  private let site: HTMLSite
  private let assessment: AgentAssessment

  /// Chains that are listed one by one; the rest weighs next to nothing.
  private static let compositionTermsMax = 60

  /// The scores of an agent.
  init(_ site: HTMLSite, assessment: AgentAssessment) {
    self.site = site
    self.assessment = assessment
  }

  /// All values.
  var values: ViewValue {
    let privilege = assessment.privilegeIndex
    let composition = assessment.compositionIndex
    return .object([
      "privilege": .object([
        "score": HTMLSite.score(privilege.score), "has": .flag(!privilege.terms.isEmpty),
        "terms": .list(privilege.terms.map(term)),
        "product": .text(decimal(privilege.terms.reduce(1) { $0 * $1.factor })),
        "raw": .text(raw(privilege.terms.reduce(1) { $0 * $1.factor })),
        "floor": .text(privilege.floor.map { "\($0)" }),
        "floorReason": .text(privilege.floorReason),
      ]),
      "composition": .object([
        "score": HTMLSite.score(composition.score), "has": .flag(!composition.terms.isEmpty),
        "terms": .list(
          composition.terms.prefix(AgentScores.compositionTermsMax).map(compositionTerm)),
        "more": composition.terms.count > AgentScores.compositionTermsMax
          ? .count(composition.terms.count - AgentScores.compositionTermsMax) : .none,
        "product": .text(decimal(happened.reduce(1) { $0 * $1.factor })),
        "raw": .text(raw(happened.reduce(1) { $0 * $1.factor })),
        "lift": .text(composition.latentLift.map { "\($0)" }),
        "floor": .text(composition.floor.map { "\($0)" }),
        "floorReason": .text(composition.floorReason),
      ]),
      "formula": .text(formula), "band": HTMLSite.band(of: assessment),
      "scoringVersion": .text(site.review.scoringVersion),
    ])
  }

  /// Latent chains lift the index by a rule of their own and are no factors of the product.
  private var happened: [CompositionTerm] {
    assessment.compositionIndex.terms.filter { $0.occurrence != nil }
  }

  private var formula: String? {
    guard let privilege = assessment.privilegeIndex.score.value,
      let composition = assessment.compositionIndex.score.value,
      let risk = assessment.risk.value
    else { return nil }
    let left = NumberText.fixed(Double(privilege) / 100, decimals: 2)
    let right = NumberText.fixed(Double(composition) / 100, decimals: 2)
    return "Risk = 100 × (1 − (1 − \(left)) × (1 − \(right))) = \(risk)"
  }

  private func term(_ term: PrivilegeTerm) -> ViewValue {
    .object([
      "name": .text(term.hazardClass),
      "hazard": .text(NumberText.fixed(term.hazard, decimals: 2)),
      "max": .text(NumberText.fixed(term.maxUnusedReach, decimals: 3)),
      "sum": .text(
        NumberText.grouped(term.sumUnusedReach, decimals: term.sumUnusedReach < 100 ? 3 : 1)),
      "exposure": .text(NumberText.fixed(term.exposure, decimals: 4)),
      "factor": .text(decimal(term.factor)), "held": .count(term.held),
      "used": .count(term.used),
    ])
  }

  private func compositionTerm(_ term: CompositionTerm) -> ViewValue {
    let finding = site.index.findings[term.finding]
    let occurrence = finding?.occurrences.first { $0.id == term.occurrence }
    let isLatent = term.occurrence == nil
    let page = finding.map { String(site.href(finding: $0).prefix { $0 != "#" }) }
    return .object([
      "name": .text(
        occurrence.map { ChainView(site: site).heading($0) } ?? (isLatent ? "latent" : "chain")),
      "href": .exact(page.map { "\($0)#\(Naming.anchor(term.occurrence ?? term.finding))" }),
      "policy": .text(term.policy), "risk": .text(NumberText.fixed(term.risk, decimals: 3)),
      "place": .text("\(term.place)"),
      "factor": .text(isLatent ? "in the lift" : decimal(term.factor)),
    ])
  }

  private func decimal(_ value: Double) -> String { NumberText.fixed(value, decimals: 4) }

  private func raw(_ product: Double) -> String {
    NumberText.fixed(100 * (1 - product), decimals: 1)
  }
}
