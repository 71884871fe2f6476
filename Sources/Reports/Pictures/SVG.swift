/// Builds inline SVG; all texts are escaped, all colours come from report.css by class.
struct SVG {
  private var body = ""
  private let id: String
  private let title: String
  private let description: String

  /// A picture with its text alternative; `id` must be unique on its page.
  init(id: String, title: String, description: String) {
    self.id = SafeText.html(id)
    self.title = title
    self.description = description
  }

  /// The whole element, for a drawing of so many units.
  func element(width: Double, height: Double, style: String) -> String {
    "<svg class=\"\(style)\" viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\""
      + " aria-labelledby=\"\(id)-t \(id)-d\"><title id=\"\(id)-t\">\(SafeText.html(title))</title>"
      + "<desc id=\"\(id)-d\">\(SafeText.html(description))</desc>\(body)</svg>"
  }

  /// A path.
  mutating func path(_ data: String, style: String) {
    body += "<path class=\"\(style)\" d=\"\(data)\"/>"
  }

  /// A straight line.
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
    path("M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))", style: style)
  }

  /// A rectangle.
  mutating func rect(
    _ x: Double, _ y: Double, width: Double, height: Double, style: String
  ) {
    body +=
      "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\""
      + " height=\"\(number(height))\"/>"
  }

  /// A circle.
  mutating func circle(_ x: Double, _ y: Double, radius: Double, style: String) {
    body +=
      "<circle class=\"\(style)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\"/>"
  }

  /// Where a text stands at its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// A text.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, style: String
  ) {
    body +=
      "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\""
      + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
      + ">\(SafeText.html(text))</text>"
  }

  /// A coordinate, to a tenth.
  private func number(_ value: Double) -> String {
    NumberText.decimal(value, decimalsMax: 1) ?? "0"
  }
}
