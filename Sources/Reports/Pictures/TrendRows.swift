/// Counts over reviews: a row for each series, a bar for each review, all rows of a picture to one
/// scale, so that their bars compare.
struct TrendRows {
  /// One series of counts, a count for each review; nil where it is not known.
  struct Series {
    var name: String
    var counts: [Int?]
  }

  let id: String
  let title: String
  /// The end of each review's window.
  let dates: [String]
  let series: [Series]

  private static let rowHeight = 42.0
  private static let top = 6.0

  /// The picture for a page's width, or narrow for a telephone.
  func picture(isNarrow: Bool) -> String {
    var svg = SVG(
      id: isNarrow ? "\(id)-narrow" : id, title: title, description: description)
    let left = isNarrow ? 96.0 : 128.0
    let right = isNarrow ? 336.0 : 796.0
    let step = (right - left) / Double(max(1, dates.count))
    let tallest = series.flatMap(\.counts).compactMap { $0 }.max() ?? 0
    for (place, one) in series.enumerated() {
      let base = TrendRows.top + Double(place + 1) * TrendRows.rowHeight
      svg.text(one.name, 0, base - 3, style: "b")
      svg.line(left, base, right, base, style: "hair")
      draw(&svg, one, base: base, left: left, step: step, tallest: tallest)
    }
    let foot = TrendRows.top + Double(series.count) * TrendRows.rowHeight + 17
    if let first = dates.first, let last = dates.last {
      svg.text(first, left, foot, style: "s")
      if dates.count > 1 { svg.text(last, right, foot, anchor: .end, style: "s") }
    }
    return svg.element(
      width: isNarrow ? 340 : 800, height: foot + 6, style: isNarrow ? "pic narrow" : "pic wide")
  }

  private func draw(
    _ svg: inout SVG, _ one: Series, base: Double, left: Double, step: Double, tallest: Int
  ) {
    let width = min(26, max(1.5, step * 0.6))
    let heightMax = TrendRows.rowHeight - 16
    let texts = one.counts.map(TrendRows.text)
    let isNumbered = step >= Double(texts.map(\.count).max() ?? 1) * 7.5 + 6
    for (number, count) in one.counts.enumerated() {
      let middle = left + (Double(number) + 0.5) * step
      // A count above zero is never without a bar.
      let share = Double(count ?? 0) / Double(max(1, tallest))
      let height = (count ?? 0) == 0 ? 0 : max(1.5, heightMax * share)
      if height > 0 {
        svg.rect(middle - width / 2, base - height, width: width, height: height, style: "dot")
      }
      let isLast = number == one.counts.count - 1
      if isNumbered || isLast {
        svg.text(
          texts[number], middle, base - height - 3, anchor: .middle, style: isLast ? "b" : "s")
      }
    }
  }

  private static func text(_ count: Int?) -> String {
    count.map { NumberText.grouped($0) } ?? "?"
  }

  private var description: String {
    series.map { one in
      "\(one.name): "
        + one.counts.map { $0.map { NumberText.grouped($0) } ?? "not known" }
        .joined(separator: ", ")
    }.joined(separator: "; ") + "."
  }
}
