/// The owners of a report's agents, and where the page of each lies.
struct OwnerPages {
  /// The owners with their agents; those of whom no input says it are one of them.
  let groups: [RollUp.Group]
  private let slugs: [String?: String]

  /// The owners of a report.
  init(_ report: Report) {
    groups = RollUp(report, by: .owner).groups
    let names = groups.map { $0.name ?? "not-stated" }
    slugs = Dictionary(zip(groups.map(\.name), Naming.slugs(names)), uniquingKeysWith: { $1 })
  }

  /// The path of an owner's page, nil for the agents of whom none is stated; nil for one without
  /// agents.
  func path(of owner: String?) -> String? { slugs[owner].map { "owners/\($0).html" } }

  /// The path of an owner's clean-up list.
  func cleanupPath(of owner: String?) -> String? { slugs[owner].map { "owners/\($0).csv" } }
}
