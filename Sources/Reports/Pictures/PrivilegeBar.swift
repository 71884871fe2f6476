/// What an agent holds as one bar: used solid, unused hatched, what cannot be seen dashed.
enum PrivilegeBar {
  private static let width = 136.0

  /// The bar; it shows shares, so its length does not compare agents.
  static func picture(used: Int, unused: Int, unseen: Int) -> String {
    let held = used + unused + unseen
    let label =
      held == 0
      ? "holds nothing"
      : "\(NumberText.grouped(used)) used, \(NumberText.grouped(unused)) unused, "
        + "\(NumberText.grouped(unseen)) cannot be seen"
    var parts = ""
    var x = 0.0
    if held > 0 {
      let unit = width / Double(held)
      parts += rect("used", x: &x, width: Double(used) * unit)
      let start = x
      parts += rect("unused", x: &x, width: Double(unused) * unit)
      x = start
      parts += rect("hat", x: &x, width: Double(unused) * unit)
      if unseen > 0 {
        let rest = max(1, width - x - 1)
        parts +=
          "<rect class=\"unk\" x=\"\(number(x + 0.5))\" y=\".5\" width=\"\(number(rest))\""
          + " height=\"11\"/>"
      }
    } else {
      parts = "<rect class=\"unk\" x=\".5\" y=\".5\" width=\"135\" height=\"11\"/>"
    }
    return "<svg class=\"bar\" viewBox=\"0 0 136 12\" role=\"img\" aria-label=\"\(label)\">"
      + "\(parts)</svg>"
  }

  private static func rect(_ style: String, x: inout Double, width: Double) -> String {
    guard width > 0 else { return "" }
    defer { x += width }
    return "<rect class=\"\(style)\" x=\"\(number(x))\" width=\"\(number(width))\" height=\"12\"/>"
  }

  private static func number(_ value: Double) -> String {
    NumberText.decimal(value, decimalsMax: 1) ?? "0"
  }
}
