internal import Findings

extension ReportFormat {
  /// policies/: the texts that carry the advice out, in the language of each platform.
  ///
  /// `<agent>.json` (AWS) or `<agent>.yaml` is what would take the place of all its grants, with a
  /// number where it takes several; `index.csv` says what each is for and what to know before;
  /// `gates.yaml` holds the gates as sequence policies.
  package static let policies = ReportFormat(name: "policies") { index, _, take in
    let report = index.report
    let site = HTMLSite(index)
    var table = CSVTable(columns: policyColumns)
    for proposal in report.review.proposals {
      let names = site.policyFiles(of: proposal)
      guard names.count == proposal.texts.count else { continue }
      for (name, text) in zip(names, proposal.texts) {
        try take(RenderedFile(path: "policies/\(name)", bytes: Array(text.text.utf8)))
      }
      var platforms: [String] = []
      for text in proposal.texts where !platforms.contains(text.platform.rawValue) {
        platforms.append(text.platform.rawValue)
      }
      table.add([
        proposal.agent, platforms.joined(separator: " "), names.joined(separator: " "),
        String(proposal.kept), String(proposal.removed), proposal.notes.joined(separator: "; "),
      ])
    }
    if !report.review.proposals.isEmpty { try table.finish("policies/index.csv", to: take) }
    let gates = report.review.gates?.gates ?? []
    if !gates.isEmpty {
      let text = gates.map(\.text).joined(separator: "---\n")
      try take(RenderedFile(path: "gates.yaml", bytes: Array(text.utf8)))
    }
  }

  /// The columns of policies/index.csv, one row for each agent with grants that can be changed.
  static let policyColumns = ["agent", "platforms", "files", "kept", "removed", "notes"]
}

extension HTMLSite {
  /// The files of a proposal's texts below policies/, in their order; named as the agent's page is.
  func policyFiles(of proposal: Proposal) -> [String] {
    guard let page = index.names.agentPaths[proposal.agent] else { return [] }
    let stem = page.split(separator: "/").last?.split(separator: ".html").first ?? "agent"
    var names: [String] = []
    for text in proposal.texts {
      let ending = text.platform == .aws ? "json" : "yaml"
      // No point stands in the name of an agent's page.
      let number = names.count { $0.hasSuffix(ending) } + 1
      names.append("\(stem)\(number == 1 ? "" : ".\(number)").\(ending)")
    }
    return names
  }
}
