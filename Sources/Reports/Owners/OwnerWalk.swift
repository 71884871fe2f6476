internal import Findings
internal import Model

extension OwnerExtract {
  /// Makes the extract of each owner, one after the other, with the path of its page.
  static func forEach(
    _ index: ReportIndex, _ body: (_ path: String, _ extract: OwnerExtract) throws -> Void
  ) rethrows {
    try walk(index.report) { group, paths, texts, share in
      try body(paths.page, OwnerExtract(index, group, texts, share))
    }
  }

  /// The whole clean-up list of each owner, with the path of its file.
  static func forEachCleanup(
    of report: Report, _ body: (_ path: String, _ rows: [CleanupRow]) throws -> Void
  ) rethrows {
    try walk(report) { group, paths, texts, share in
      let advice = OwnerAdvice(texts: texts, owner: group.name)
      try body(paths.cleanup, share.cleanup.map(advice.row))
    }
  }

  /// The decision sheet of each owner, with the path of its file: what it is asked, and the review's
  /// name where that names nobody else.
  static func forEachSheet(
    of report: Report,
    _ body: (_ path: String, _ questions: [DecisionQuestion], _ review: String) throws -> Void
  ) rethrows {
    try walk(report) { group, paths, texts, share in
      let advice = OwnerAdvice(texts: texts, owner: group.name)
      let isNameClean = texts.prose(report.id) == report.id
      try body(
        paths.sheet, share.questions.compactMap(advice.question), isNameClean ? report.id : "")
    }
  }

  private static func walk(
    _ report: Report,
    _ body: (RollUp.Group, OwnerPages.Paths, OwnerTexts, OwnerShare) throws -> Void
  ) rethrows {
    let owners = OwnerPages(report)
    let texts = OwnerTexts(report, owners.groups)
    let shares = OwnerShare.all(of: report, owners.groups)
    for (number, group) in owners.groups.enumerated() {
      guard let paths = owners.paths(of: group.name) else { continue }
      texts.begin(number)
      try body(group, paths, texts, shares[number])
    }
  }
}
