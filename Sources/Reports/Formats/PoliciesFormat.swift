internal import Findings

extension ReportFormat {
  /// policies/: the texts that carry the advice out, in the language of whoever reads them.
  ///
  /// `gates.yaml` holds the gates as sequence policies.
  static let policies = ReportFormat(name: "policies") { report, _ in
    let gates = report.review.gates?.gates ?? []
    guard !gates.isEmpty else { return [] }
    let text = gates.map(\.text).joined(separator: "---\n")
    return [RenderedFile(path: "policies/gates.yaml", bytes: Array(text.utf8))]
  }
}
