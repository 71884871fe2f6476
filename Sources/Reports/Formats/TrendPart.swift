internal import Findings
internal import Model

/// The reviews so far: pictures, and the same in a table; in "Since the last review".
struct TrendPart {
  private let shown: [ReviewFigures]
  private let all: Int
  private let current: String

  /// The reviews that are drawn, the latest of them.
  private static let reviewsMax = 24

  /// The part of a report; nil where there is no other review to be beside.
  init?(_ report: Report) {
    guard case .known(let points) = report.trend, points.count > 1 else { return nil }
    shown = Array(points.suffix(TrendPart.reviewsMax))
    all = points.count
    current = report.id
  }

  /// All values.
  var values: ViewValue {
    .object([
      "say": .text(
        shown.count < all
          ? "The latest \(NumberText.word(shown.count)) of \(NumberText.grouped(all)) reviews."
          : "\(NumberText.capitalWord(all)) reviews, by the end of their windows."),
      "pictures": .list(
        pictures.flatMap { rows in
          [.markup(rows.picture(isNarrow: false)), .markup(rows.picture(isNarrow: true))]
        }),
      "rows": .list(shown.map(row)),
    ])
  }

  private var pictures: [TrendRows] {
    func rows(
      _ id: String, _ title: String, _ series: [(String, (ReviewFigures) -> Int?)]
    ) -> TrendRows {
      TrendRows(
        id: id, title: title, dates: shown.map { TimeText.date($0.to) },
        series: series.map { name, count in
          TrendRows.Series(name: name, counts: shown.map(count))
        })
    }
    return [
      rows(
        "trend-bands", "Agents by band, review by review",
        [
          ("critical", { $0.critical }), ("high", { $0.high }), ("moderate", { $0.moderate }),
          ("low", { $0.low }), ("not assessed", { $0.notAssessed }),
        ]),
      rows(
        "trend-findings", "Findings by how they stand, review by review",
        [
          ("realised", { $0.count(.realised) }), ("near miss", { $0.count(.nearMiss) }),
          ("latent", { $0.count(.latent) }), ("excused", { $0.count(.excused) }),
          ("no chains", { $0.count(.open) }),
        ]),
      rows(
        "trend-privileges", "Privileges held, never used, and of unseen use, review by review",
        [
          ("held", { $0.held }), ("unused", { $0.isUseSeen ? $0.unused : nil }),
          ("unseen", \.unseen),
        ]),
    ]
  }

  private func row(_ point: ReviewFigures) -> ViewValue {
    .object([
      "review": .text(point.review), "isThis": .flag(point.review == current),
      "to": .text(TimeText.date(point.to)),
      "critical": .count(point.critical), "high": .count(point.high),
      "moderate": .count(point.moderate), "low": .count(point.low),
      "notAssessed": .count(point.notAssessed),
      "realised": .count(point.count(.realised)), "nearMiss": .count(point.count(.nearMiss)),
      "latent": .count(point.count(.latent)), "excused": .count(point.count(.excused)),
      "open": .count(point.count(.open)),
      "held": .count(point.held), "unused": .count(point.unused),
      "isSeen": .flag(point.isUseSeen),
    ])
  }
}

extension ReviewFigures {
  /// Whether the use of anything that was held could be seen: else "0 unused" would be a claim.
  fileprivate var isUseSeen: Bool { held == 0 || unseen.map { $0 < held } ?? true }

  fileprivate func count(_ status: Finding.Status) -> Int { findings[status] ?? 0 }
}
