/// Possible chains left after each removal: a staircase down, one step a row of the cut set.
enum Staircase {
  private static let top = 24.0
  private static let bottom = 174.0

  /// The picture for a page's width, or narrow for a telephone.
  ///
  /// - Parameter ended: Chains that ended with each row and all before it.
  static func picture(chains: Int, ended: [Int], isNarrow: Bool) -> String {
    let left = ended.map { max(0, chains - $0) }
    var svg = SVG(
      id: isNarrow ? "staircase-narrow" : "staircase",
      title: "Possible chains left after each removal",
      description: "A staircase from \(NumberText.count(chains, "chain", "chains")) down: "
        + left.enumerated().map { "\(NumberText.grouped($1)) after \($0 + 1)" }
        .joined(separator: ", ") + ".")
    let right = isNarrow ? 330.0 : 790.0
    let start = 40.0
    let step = (right - start) / Double(left.count + 1)
    func y(_ count: Int) -> Double {
      bottom - (bottom - top) * Double(count) / Double(max(1, chains))
    }
    svg.text("chains", 0, 14, style: "s")
    for share in [0, chains / 2, chains] where share == 0 || share != chains / 2 || chains > 3 {
      svg.line(start, y(share), right, y(share), style: share == 0 ? "axis" : "hair")
      svg.text(NumberText.grouped(share), start - 8, y(share) + 4, anchor: .end, style: "s")
    }
    var path = "M\(text(start)) \(text(y(chains)))"
    // Numbers of steps that are too near each other to be read are left out.
    let every = max(1, Int(((isNarrow ? 34.0 : 30.0) / step).rounded(.up)))
    for (place, count) in left.enumerated() {
      let x = start + Double(place + 1) * step
      path += "H\(text(x))V\(text(y(count)))"
      if (place + 1) % every == 0 || place == left.count - 1 {
        svg.text("\(place + 1)", x, bottom + 16, anchor: .middle, style: "s")
        svg.text(NumberText.grouped(count), x + 4, y(count) - 5, style: "s")
      }
    }
    svg.path(path + "H\(text(right))", style: "path")
    return svg.element(
      width: isNarrow ? 340 : 800, height: bottom + 24, style: isNarrow ? "pic narrow" : "pic wide")
  }

  private static func text(_ value: Double) -> String {
    NumberText.decimal(value, decimalsMax: 1) ?? "0"
  }
}
