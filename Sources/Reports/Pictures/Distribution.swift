internal import Findings

/// Agents by the worse of their two indices, which is what bands go by: a dot an agent, stacked in
/// steps of five points; bars where there are too many.
enum Distribution {
  private static let columns = 20
  private static let dotsMax = 9
  private static let baseline = 128.0

  /// The picture for a page's width, or narrow for a telephone.
  static func picture(_ agents: [AgentAssessment], isNarrow: Bool) -> String {
    var counts = [Int](repeating: 0, count: columns)
    var bounds = counts
    for assessment in agents {
      guard let value = worse(assessment) else { continue }
      let column = min(columns - 1, max(0, value) * columns / 100)
      counts[column] += 1
      if assessment.isBandAtLeast { bounds[column] += 1 }
    }
    let unassessed = agents.count { worse($0) == nil }
    let width = isNarrow ? 340.0 : 800.0
    let right = isNarrow ? 330.0 : 640.0
    var svg = SVG(
      id: isNarrow ? "distribution-narrow" : "distribution",
      title: "Agents by the worse of their two indices",
      description: description(agents, counts, unassessed: unassessed))
    drawBands(&svg, right: right, isNarrow: isNarrow)
    if counts.max() ?? 0 <= dotsMax {
      drawDots(&svg, counts, bounds: bounds, right: right, isNarrow: isNarrow)
    } else {
      drawBars(&svg, counts, right: right)
    }
    drawUnassessed(&svg, unassessed, x: isNarrow ? 12 : 664, y: isNarrow ? 172 : 100)
    return svg.element(
      width: width, height: isNarrow ? 184 : 152,
      style: isNarrow ? "pic narrow" : "pic wide")
  }

  /// The middle of a column.
  private static func middle(_ column: Int, right: Double) -> Double {
    12 + (Double(column) + 0.5) * (right - 12) / Double(columns)
  }

  private static func drawDots(
    _ svg: inout SVG, _ counts: [Int], bounds: [Int], right: Double, isNarrow: Bool
  ) {
    for (column, count) in counts.enumerated() {
      for level in 0..<count {
        svg.circle(
          middle(column, right: right), baseline - 9 - Double(level) * 11,
          radius: isNarrow ? 4.6 : 5.5, style: level < count - bounds[column] ? "dot" : "ring")
      }
    }
  }

  /// Bars with their counts; one that would lie on another's is left to the description.
  private static func drawBars(_ svg: inout SVG, _ counts: [Int], right: Double) {
    let tallest = Double(counts.max() ?? 1)
    let width = (right - 12) / Double(columns) * 0.8
    var labels: [(left: Double, right: Double, y: Double)] = []
    let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    for column in order where counts[column] > 0 {
      let x = middle(column, right: right)
      let height = max(1.5, 92 * Double(counts[column]) / tallest)
      svg.rect(x - width / 2, baseline - height, width: width, height: height, style: "dot")
      let text = NumberText.grouped(counts[column])
      let half = Double(text.utf8.count) * 3.6 + 2
      let label = (left: x - half, right: x + half, y: baseline - height - 4)
      let isFree = labels.allSatisfy {
        $0.right < label.left || label.right < $0.left || ($0.y - label.y).magnitude > 14
      }
      let isBeforeBar = counts.indices.contains { other in
        counts[other] > counts[column]
          && (middle(other, right: right) - x).magnitude < half + width / 2
      }
      guard isFree, !isBeforeBar else { continue }
      labels.append(label)
      svg.text(text, x, label.y, anchor: .middle, style: "s")
    }
  }

  /// The worse of the two indices, as far as they were assessed.
  private static func worse(_ assessment: AgentAssessment) -> Int? {
    if assessment.band == nil { return nil }
    let values = [
      assessment.privilegeIndex.score.value, assessment.compositionIndex.score.value,
    ]
    return values.compactMap { $0 }.max()
  }

  private static func drawBands(_ svg: inout SVG, right: Double, isNarrow: Bool) {
    let words = ["low", "moderate", "high", "critical"]
    for quarter in 0...4 {
      let x = 12 + (right - 12) * Double(quarter) / 4
      svg.line(x, 4, x, baseline + 5, style: "hair")
      let anchor: SVG.Anchor = quarter == 0 ? .start : quarter == 4 ? .end : .middle
      svg.text("\(quarter * 25)", x, baseline + 19, anchor: anchor, style: "s")
      if quarter < 4 { svg.text(words[quarter], x + 5, 15, style: "s") }
    }
    svg.line(12, baseline, right, baseline, style: "axis")
    if !isNarrow { svg.text("the worse index", 664, baseline + 19, style: "s") }
  }

  /// The agents without a score have no place on the axis.
  private static func drawUnassessed(_ svg: inout SVG, _ count: Int, x: Double, y: Double) {
    guard count > 0 else { return }
    svg.text("\(NumberText.grouped(count)) not assessed", x, y, style: "s")
    for place in 0..<min(count, 8) {
      svg.circle(
        x + 6 + Double(place) * 15 + (y > baseline ? 110 : 0), y > baseline ? y - 4 : y + 14,
        radius: 5, style: "ring dash")
    }
  }

  private static func description(
    _ agents: [AgentAssessment], _ counts: [Int], unassessed: Int
  ) -> String {
    let values = agents.compactMap(worse)
    let bands = [("critical", 75...100), ("high", 50...74), ("moderate", 25...49), ("low", 0...24)]
    let parts = bands.map { word, range in
      "\(NumberText.grouped(values.count { range.contains($0) })) \(word)"
    }
    let bounds = agents.count(where: \.isBandAtLeast)
    return "\(parts.joined(separator: ", ")); \(NumberText.grouped(unassessed)) not assessed; "
      + "\(NumberText.grouped(bounds)) of the bands lower bounds.\(steps(counts))"
  }

  /// Where there are bars, how high each is.
  private static func steps(_ counts: [Int]) -> String {
    guard counts.max() ?? 0 > dotsMax else { return "" }
    let steps = counts.enumerated().filter { $0.element > 0 }.map { column, count in
      let last = column == columns - 1 ? 100 : column * 5 + 4
      return "\(NumberText.grouped(count)) from \(column * 5) to \(last)"
    }
    return " In steps of five points: \(steps.joined(separator: ", "))."
  }
}
