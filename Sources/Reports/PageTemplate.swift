/// A Mustache template, parsed once.
///
/// It knows variables, sections, inverted sections, partials, comments, dotted names, `{{.}}`,
/// `{{#last()}}` (the last member of the list that is gone through) and `{{#empty(list)}}`; a tag that
/// stands alone on its line takes the line with it. Values come escaped (see `ViewValue`), so that
/// `{{x}}`, `{{{x}}}` and `{{&x}}` are the same and no template can forget to escape.
///
/// It is our own because pages of ten thousand agents fill in millions of tags: ARCHITECTURE.md has
/// the figures.
struct PageTemplate: Sendable {
  /// A part of a template.
  indirect enum Node: Sendable {
    case text([UInt8])
    case value([String])
    case partial(String)
    case section(Condition, isInverted: Bool, [Node])
  }

  /// What a section depends on.
  enum Condition: Sendable, Equatable {
    case value([String])
    case isLast
    case isEmpty([String])
  }

  let nodes: [Node]

  /// Parses a text; throws what is wrong with it and where.
  init(_ text: String, path: String) throws(TemplateProblem) {
    var parser = TemplateParser(text, path: path)
    nodes = try parser.parse()
  }
}

/// Parses a template.
private struct TemplateParser {
  private let bytes: [UInt8]
  private let path: String
  private var place = 0

  /// A tag with the places of its first and last byte, and whether it may take its line with it.
  private struct Tag {
    var sign: UInt8
    var name: String
    var end: Int
  }

  /// A section that is open.
  private struct Open {
    var name: String
    var condition: PageTemplate.Condition
    var isInverted: Bool
    var nodes: [PageTemplate.Node]
  }

  init(_ text: String, path: String) {
    bytes = Array(text.utf8)
    self.path = path
  }

  /// All of it; a section that is not closed, or closed by another name, is a problem.
  mutating func parse() throws(TemplateProblem) -> [PageTemplate.Node] {
    var open: [Open] = []
    var nodes: [PageTemplate.Node] = []
    while place < bytes.count {
      guard let start = find("{{", from: place) else { break }
      let tag = try tag(at: start)
      let isPlain = tag.sign == 0 || tag.sign == UInt8(ascii: "{") || tag.sign == UInt8(ascii: "&")
      let line = isPlain ? start..<tag.end : wholeLine(start, tag.end)
      add(place..<line.lowerBound, to: &nodes)
      switch tag.sign {
      case UInt8(ascii: "#"), UInt8(ascii: "^"):
        open.append(
          Open(
            name: tag.name, condition: try condition(tag.name, at: start),
            isInverted: tag.sign == UInt8(ascii: "^"), nodes: nodes))
        nodes = []
      case UInt8(ascii: "/"):
        guard let last = open.popLast(), last.name == tag.name else {
          throw problem(start, "expected the end of the section that is open")
        }
        nodes = last.nodes + [.section(last.condition, isInverted: last.isInverted, nodes)]
      case UInt8(ascii: ">"): nodes.append(.partial(tag.name))
      case UInt8(ascii: "!"): break
      default:
        guard !tag.name.contains("(") else {
          throw problem(start, "expected a name: only sections take `last()` and `empty(name)`")
        }
        nodes.append(.value(TemplateParser.names(tag.name)))
      }
      place = line.upperBound
    }
    if let last = open.last {
      throw problem(bytes.count, "expected `{{/name}}` for the section that is open: \(last.name)")
    }
    add(place..<bytes.count, to: &nodes)
    return nodes
  }

  private func add(_ range: Range<Int>, to nodes: inout [PageTemplate.Node]) {
    guard !range.isEmpty else { return }
    nodes.append(.text(Array(bytes[range])))
  }

  private func condition(
    _ name: String, at start: Int
  ) throws(TemplateProblem) -> PageTemplate.Condition {
    if name == "last()" { return .isLast }
    if name.hasPrefix("empty("), name.hasSuffix(")") {
      return .isEmpty(TemplateParser.names(String(name.dropFirst(6).dropLast())))
    }
    guard !name.contains("(") else {
      throw problem(start, "expected a name, `last()` or `empty(name)`, got `\(name)`")
    }
    return .value(TemplateParser.names(name))
  }

  /// `a.b` as its names; `.` as none.
  private static func names(_ text: String) -> [String] {
    text.split(separator: ".").map(String.init)
  }

  private mutating func tag(at start: Int) throws(TemplateProblem) -> Tag {
    var inner = start + 2
    var sign: UInt8 = 0
    var ending: StaticString = "}}"
    if inner < bytes.count, "#^/>!&{=<$%".utf8.contains(bytes[inner]) {
      sign = bytes[inner]
      inner += 1
      if sign == UInt8(ascii: "{") { ending = "}}}" }
    }
    if "=<$%".utf8.contains(sign) {
      throw problem(start, "expected none of `=`, `<`, `$` and `%` here")
    }
    guard let end = find(ending, from: inner),
      sign == UInt8(ascii: "!") || !bytes[inner..<end].contains(0x0A)
    else { throw problem(start, "expected a tag that ends with `\(ending)`") }
    let name = String(decoding: bytes[inner..<end], as: UTF8.self).filter { $0 != " " }
    guard sign == UInt8(ascii: "!") || !name.isEmpty, !name.contains("{"), !name.contains("<")
    else { throw problem(start, "expected a tag that ends with `}}`") }
    return Tag(sign: sign, name: name, end: end + ending.utf8CodeUnitCount)
  }

  /// The line of a tag where nothing else stands on it, else the tag alone.
  private func wholeLine(_ start: Int, _ end: Int) -> Range<Int> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var first = start
    while first > place, isSpace(bytes[first - 1]) { first -= 1 }
    guard first == 0 || bytes[first - 1] == 0x0A else { return start..<end }
    var last = end
    while last < bytes.count, isSpace(bytes[last]) || bytes[last] == 0x0D { last += 1 }
    guard last == bytes.count || bytes[last] == 0x0A else { return start..<end }
    return first..<min(bytes.count, last + 1)
  }

  private func find(_ text: StaticString, from start: Int) -> Int? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard start + wanted.count <= bytes.count else { return nil }
    return (start...(bytes.count - wanted.count)).first { place in
      bytes[place] == wanted[0] && bytes[place..<(place + wanted.count)].elementsEqual(wanted)
    }
  }

  private func problem(_ place: Int, _ reason: String) -> TemplateProblem {
    let line = bytes[..<min(place, bytes.count)].count { $0 == 0x0A } + 1
    return TemplateProblem(file: path, line: line, reason: reason)
  }
}
