internal import Findings
internal import Model

/// A chain on a time axis: a lane an agent, a numbered square an event, the line their order, and
/// below it a dashed empty frame for what was looked for in all that time and not found.
struct SwimLane {
  private let occurrence: Occurrence
  /// What pages call an agent, by its id.
  private let names: (String) -> String
  /// Ids of the agents in order of appearance.
  private let lanes: [String]
  private let axis: TimeAxis

  private static let left = 150.0
  private static let right = 768.0
  private static let laneHeight = 82.0
  /// More events than this are ticks without numbers: the sum is the point, not each one.
  private static let squaresMax = 12
  private static let monoWidth = 7.3
  private static let textWidth = 6.5
  private static let boldWidth = 7.3

  /// The picture of an occurrence.
  init(_ occurrence: Occurrence, names: @escaping (String) -> String) {
    self.occurrence = occurrence
    self.names = names
    var lanes: [String] = []
    for link in occurrence.chain where !lanes.contains(link.agent) { lanes.append(link.agent) }
    self.lanes = lanes
    axis = TimeAxis(
      times: occurrence.chain.map { occurrence.isUntimed ? nil : $0.time },
      from: SwimLane.left + 14, to: SwimLane.axisEnd(occurrence))
  }

  /// Where the axis ends, so that the labels of the last events have room to their right.
  private static func axisEnd(_ occurrence: Occurrence) -> Double {
    guard occurrence.chain.count <= squaresMax else { return right - 14 }
    let longest = occurrence.chain.suffix(2).map { Naming.action($0.action).count }.max() ?? 0
    let label = 804 - Double(longest) * monoWidth
    let end = min(right - 14, label)
    return showsMissingStep(occurrence) ? min(right - 128, end) : end
  }

  /// The element; empty for an occurrence without events.
  func picture(id: String, title: String) -> String {
    guard !occurrence.chain.isEmpty else { return "" }
    var svg = SVG(id: id, title: title, description: description)
    let sought = occurrence.lookedForAndNotFound
    let hasFoot = !sought.isEmpty || occurrence.excusedBy != nil
    let gapTop = laneY(lanes.count - 1) + 42
    let bottom = gapTop + (hasFoot ? 42 : 0)
    drawAxis(&svg, bottom: bottom)
    for (place, agent) in lanes.enumerated() {
      let y = laneY(place)
      svg.line(SwimLane.left - 8, y, SwimLane.right + 7, y, style: "lane")
      let name = agent == OwnerTexts.anotherAgent ? "another owner's" : names(agent)
      svg.text(SafeText.shortened(name, charactersMax: 18), 0, y + 4, style: "b")
    }
    drawEvents(&svg)
    drawMissingStep(&svg)
    if let excuse = occurrence.excusedBy {
      drawExcuse(&svg, excuse, top: gapTop)
    } else if !sought.isEmpty {
      drawGap(&svg, sought, top: gapTop)
    }
    return svg.element(width: 800, height: bottom + 20, style: "pic")
  }

  private func laneY(_ place: Int) -> Double { 62 + Double(place) * SwimLane.laneHeight }

  private func laneY(of link: ChainLink) -> Double {
    laneY(lanes.firstIndex(of: link.agent) ?? 0)
  }

  private func drawAxis(_ svg: inout SVG, bottom: Double) {
    for tick in axis.ticks {
      svg.line(tick.x, 8, tick.x, bottom, style: "hair")
      svg.text(tick.text, tick.x, bottom + 15, anchor: .middle, style: "s")
    }
    for gap in axis.breaks {
      svg.line(gap.x - 4, bottom + 2, gap.x, bottom - 8, style: "axis")
      svg.line(gap.x + 1, bottom + 2, gap.x + 5, bottom - 8, style: "axis")
      svg.line(gap.x - 2, 8, gap.x - 2, bottom - 12, style: "hair dash")
      svg.line(gap.x + 3, 8, gap.x + 3, bottom - 12, style: "hair dash")
      svg.text(gap.text, gap.x, bottom + 15, anchor: .middle, style: "s")
    }
    svg.text(occurrence.isUntimed ? "order, no clock" : "UTC", 0, bottom + 15, style: "s")
  }

  private func drawEvents(_ svg: inout SVG) {
    let chain = occurrence.chain
    var path = ""
    for (place, link) in chain.enumerated() {
      let x = NumberText.decimal(axis.positions[place], decimalsMax: 1) ?? "0"
      let y = NumberText.decimal(laneY(of: link), decimalsMax: 1) ?? "0"
      path += place == 0 ? "M\(x) \(y)" : "V\(y)H\(x)"
    }
    svg.path(path, style: "path")
    guard chain.count <= SwimLane.squaresMax else { return drawTicks(&svg) }
    var labels = LabelRows(rowsMax: 3)
    var clocks = LabelRows(rowsMax: 2)
    if SwimLane.showsMissingStep(occurrence), let last = chain.last,
      let step = occurrence.missingStep
    {
      let lane = lanes.firstIndex(of: last.agent) ?? 0
      let length = Double(min(16, step.count)) * SwimLane.monoWidth
      let right = SwimLane.right - 8
      _ = labels.place(lane: lane, from: right - max(length, 16), to: right)
      _ = clocks.place(lane: lane, from: right - 60, to: right)
    }
    // From the right, so that the line to a label in a higher row crosses no other label.
    for (place, link) in chain.enumerated().reversed() {
      let x = axis.positions[place]
      let y = laneY(of: link)
      let lane = lanes.firstIndex(of: link.agent) ?? 0
      let label = Naming.action(link.action)
      let isDenied = link.outcome == .denied || link.outcome == .failed
      drawLabel(
        &svg, label, x: x, y: y, lane: lane, rows: &labels, width: SwimLane.monoWidth,
        above: true)
      svg.rect(x - 8, y - 8, width: 16, height: 16, style: isDenied ? "ring" : "dot")
      svg.text(
        "\(place + 1)", x, y + 4.5, anchor: .middle, style: isDenied ? "s" : "inv")
      let clock = clockText(place) + (isDenied ? " \(link.outcome.word)" : "")
      // Clear of the line where the order goes down to another lane.
      let goesOver = place + 1 < chain.count && chain[place + 1].agent != link.agent
      drawLabel(
        &svg, clock, x: goesOver ? x + 13 : x, y: y, lane: lane, rows: &clocks,
        width: SwimLane.textWidth,
        above: false)
    }
  }

  private func clockText(_ place: Int) -> String {
    let link = occurrence.chain[place]
    guard !occurrence.isUntimed, let time = link.time else { return "" }
    if let first = occurrence.chain[0].time, first.dayNumber != time.dayNumber {
      return String(TimeText.full(time).dropFirst(5).prefix(14))
    }
    return TimeText.clock(time)
  }

  private func drawLabel(
    _ svg: inout SVG, _ text: String, x: Double, y: Double, lane: Int, rows: inout LabelRows,
    width: Double, above: Bool
  ) {
    guard !text.isEmpty else { return }
    let length = Double(text.count) * width
    let goesLeft = x - 8 + length > 796
    let from = goesLeft ? x + 8 - length : x - 8
    guard let row = rows.place(lane: lane, from: from, to: from + length + 8) else { return }
    let anchor: SVG.Anchor = goesLeft ? .end : .start
    let textX = goesLeft ? x + 8 : x - 8
    if above {
      let textY = y - 13 - Double(row) * 14
      if row > 0 { svg.line(x, y - 9, x, textY + 3, style: "axis") }
      svg.text(text, textX, textY, anchor: anchor, style: "mono")
    } else {
      svg.text(text, textX, y + 21 + Double(row) * 13, anchor: anchor, style: "s")
    }
  }

  private func drawTicks(_ svg: inout SVG) {
    let chain = occurrence.chain
    for (place, link) in chain.enumerated() {
      let y = laneY(of: link)
      let x = axis.positions[place]
      svg.line(x, y - 8, x, y + 8, style: "path")
    }
    let first = chain[0]
    let firstX = axis.positions[0]
    svg.text(Naming.action(first.action), firstX - 2, laneY(of: first) - 14, style: "mono")
    svg.text(clockText(0), firstX - 2, laneY(of: first) + 23, style: "s")
    let last = chain[chain.count - 1]
    let lastX = axis.positions[chain.count - 1]
    let count = occurrence.aggregateEvents ?? chain.count
    svg.text(
      "\(NumberText.grouped(count)) events", lastX + 2, laneY(of: last) - 14, anchor: .end,
      style: "b")
    svg.text(clockText(chain.count - 1), lastX + 2, laneY(of: last) + 23, anchor: .end, style: "s")
  }

  private func drawGap(_ svg: inout SVG, _ sought: [String], top: Double) {
    let first = axis.positions.first ?? SwimLane.left
    let last = max(axis.positions.last ?? first, first + 40)
    svg.text("looked for", 0, top + 20, style: "b")
    svg.rect(first, top, width: last - first, height: 30, style: "gap")
    // The whole text stands in the caption: here it keeps to its frame where that is wide enough.
    let inside = Int((last - first - 16) / SwimLane.boldWidth)
    var text = "none: \(sought[0])"
    if text.count > inside, let comma = text.lastIndex(of: ",") { text = String(text[..<comma]) }
    text = SafeText.shortened(text, charactersMax: max(inside, 34))
    let fits = first + 10 + Double(text.count) * SwimLane.boldWidth <= 796
    svg.text(
      text, fits ? first + 10 : SwimLane.right + 7, top + 20, anchor: fits ? .start : .end,
      style: "gapt")
  }

  /// Whether the step that is lacking has no event of its own in the chain (a denied one has).
  private static func showsMissingStep(_ occurrence: Occurrence) -> Bool {
    guard let step = occurrence.missingStep else { return false }
    return !occurrence.chain.contains { $0.step == step }
  }

  /// A dashed, empty square for the step that was never seen.
  private func drawMissingStep(_ svg: inout SVG) {
    guard SwimLane.showsMissingStep(occurrence), let step = occurrence.missingStep,
      let last = occurrence.chain.last, let lastX = axis.positions.last
    else { return }
    let y = laneY(of: last)
    svg.line(lastX + 8, y, SwimLane.right - 24, y, style: "path dash")
    svg.rect(SwimLane.right - 24, y - 8, width: 16, height: 16, style: "ring dash")
    svg.text(
      SafeText.shortened(step, charactersMax: 16), SwimLane.right - 8, y - 13, anchor: .end,
      style: "mono")
    svg.text("not seen", SwimLane.right - 8, y + 21, anchor: .end, style: "s")
  }

  /// What was looked for and found: a control that worked.
  private func drawExcuse(_ svg: inout SVG, _ excuse: ChainLink, top: Double) {
    let place = excuse.time.map { axis.place(of: $0, among: occurrence.chain.map(\.time)) }
    let x = place ?? axis.positions[0]
    svg.text("looked for", 0, top + 20, style: "b")
    svg.rect(x - 8, top + 7, width: 16, height: 16, style: "dot")
    let time = excuse.time.map { " \(TimeText.full($0))" } ?? ""
    let text =
      "found: \(Naming.action(excuse.action)) by "
      + SafeText.shortened(names(excuse.agent), charactersMax: 24) + time
    let fits = x + 16 + Double(text.count) * SwimLane.textWidth <= 796
    svg.text(text, fits ? x + 14 : x - 14, top + 20, anchor: fits ? .start : .end, style: "b")
  }

  private var description: String {
    let events = occurrence.chain.prefix(SwimLane.squaresMax).map { link in
      let time = link.time.map { " at \(TimeText.full($0))" } ?? ""
      return "\(names(link.agent)): \(link.action)\(time)"
    }
    let more = occurrence.chain.count - events.count
    let sought = occurrence.lookedForAndNotFound.map { " Looked for and not found: \($0)." }
    return events.joined(separator: "; ") + (more > 0 ? "; and \(more) more events." : ".")
      + sought.joined()
  }
}

/// Rows of labels in lanes: a label goes to the first row where it covers no other.
private struct LabelRows {
  let rowsMax: Int
  /// Where the leftmost label of each row of a lane starts.
  private var starts: [Int: [Double]] = [:]

  init(rowsMax: Int) { self.rowsMax = rowsMax }

  /// The row for a label that spans so much of a lane, labels coming from the right; nil when every
  /// row is taken.
  mutating func place(lane: Int, from: Double, to: Double) -> Int? {
    var rows = starts[lane] ?? []
    defer { starts[lane] = rows }
    for row in rows.indices where rows[row] >= to {
      rows[row] = from
      return row
    }
    guard rows.count < rowsMax else { return nil }
    rows.append(from)
    return rows.count - 1
  }
}
