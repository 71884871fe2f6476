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

  /// Where what is for one owner lies.
  struct Paths {
    var page: String
    var cleanup: String
    /// The decision sheet; no slug has a point in it, so that it is no other owner's clean-up list.
    var sheet: String
  }

  /// The paths of an owner, nil for the agents of whom none is stated; nil for one without agents.
  func paths(of owner: String?) -> Paths? {
    slugs[owner].map { slug in
      Paths(
        page: "owners/\(slug).html", cleanup: "owners/\(slug).csv",
        sheet: "owners/\(slug).decisions.csv")
    }
  }
}
