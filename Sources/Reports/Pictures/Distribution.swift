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
      description: description(agents, unassessed: unassessed))
    drawBands(&svg, right: right, isNarrow: isNarrow)
    let tallest = counts.max() ?? 0
    for (column, count) in counts.enumerated() where count > 0 {
      let step = (right - 12) / Double(columns)
      let x = 12 + (Double(column) + 0.5) * step
      if tallest <= dotsMax {
        let radius = isNarrow ? 4.6 : 5.5
        for level in 0..<count {
          svg.circle(
            x, baseline - 9 - Double(level) * 11, radius: radius,
            style: level < count - bounds[column] ? "dot" : "ring")
        }
      } else {
        let height = max(1.5, 92 * Double(count) / Double(tallest))
        svg.rect(
          x - step * 0.4, baseline - height, width: step * 0.8, height: height, style: "dot")
        svg.text(
          NumberText.grouped(count), x, baseline - height - 4, anchor: .middle, style: "s")
      }
    }
    drawUnassessed(&svg, unassessed, x: isNarrow ? 12 : 664, y: isNarrow ? 172 : 100)
    return svg.element(
      width: width, height: isNarrow ? 184 : 152,
      style: isNarrow ? "pic narrow" : "pic wide")
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

  private static func description(_ agents: [AgentAssessment], unassessed: Int) -> String {
    let values = agents.compactMap(worse)
    let bands = [("critical", 75...100), ("high", 50...74), ("moderate", 25...49), ("low", 0...24)]
    let parts = bands.map { word, range in
      "\(NumberText.grouped(values.count { range.contains($0) })) \(word)"
    }
    let bounds = agents.count(where: \.isBandAtLeast)
    return "\(parts.joined(separator: ", ")); \(NumberText.grouped(unassessed)) not assessed; "
      + "\(NumberText.grouped(bounds)) of the bands lower bounds."
  }
}
