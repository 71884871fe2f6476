internal import Findings
internal import Model

/// What an owner is asked to decide, and what became of what was decided.
struct OwnerDecisions {
  private let extract: OwnerExtract
  private let site: HTMLSite
  private var questions: [DecisionQuestion] { site.review.questions }

  /// The part of an owner's page.
  init(_ extract: OwnerExtract, _ site: HTMLSite) {
    self.extract = extract
    self.site = site
  }

  /// All values.
  var values: ViewValue {
    let left = extract.questionsAll - questions.count
    return .object([
      "say": .text(
        DecisionsPart.sheet(rows: extract.questionsAll, settled: extract.questionsSettled)),
      "rows": .list(questions.map(row)), "hasRows": .flag(!questions.isEmpty),
      "left": left > 0 ? .count(left) : .none,
      "decided": DecisionsPart(site).values,
    ])
  }

  private func row(_ question: DecisionQuestion) -> ViewValue {
    let item = question.item
    let finding = site.index.findings[item.id]
    return .object([
      "id": .text(item.id), "about": .text(item.title),
      "href": .exact(finding.map { site.href(finding: $0) }),
      "weight": .text(
        question.severity?.rawValue
          ?? question.points.map { NumberText.count($0, "point", "points") }),
      "agents": site.links(agents: item.agents, max: 4), "because": .text(question.because),
      "words": .text(item.words.map(\.rawValue).joined(separator: ", ")),
      "earlier": .text(question.standing?.summary),
    ])
  }
}
