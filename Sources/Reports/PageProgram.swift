/// All templates as one list of plain steps: threads that fill in pages side by side share no object
/// whose references they would have to count.
struct PageProgram: Sendable {
  private var steps: [Step] = []
  /// Texts of templates and names of values, one after the other.
  private var bytes: [UInt8] = []
  /// The names of paths, as ranges of `bytes`.
  private var names: [Range<Int>] = []
  private var templates: [String: Range<Int>] = [:]

  /// One step; those inside a section follow it.
  fileprivate struct Step {
    enum Kind: UInt8 {
      case text, value, partial
      /// Sections, by what they depend on.
      case section, last, empty
    }

    var kind: Kind
    var isInverted = false
    /// A text's range of `bytes`, or a path's of `names`; the steps of a section or a partial.
    var range: Range<Int32> = 0..<0
    var inner: Range<Int32> = 0..<0
  }

  /// Templates by name; a partial that is none of them is nothing.
  init(_ pages: [String: PageTemplate]) {
    let names = pages.keys.sorted()
    var partials: [(step: Int, name: String)] = []
    for name in names {
      let start = steps.count
      for node in pages[name]?.nodes ?? [] { add(node, &partials) }
      templates[name] = start..<steps.count
    }
    for (step, name) in partials {
      let range = templates[name] ?? 0..<0
      steps[step].inner = PageProgram.short(range)
    }
  }

  private static func short(_ range: Range<Int>) -> Range<Int32> {
    Int32(truncatingIfNeeded: range.lowerBound)..<Int32(truncatingIfNeeded: range.upperBound)
  }

  private mutating func add(
    _ node: PageTemplate.Node, _ partials: inout [(step: Int, name: String)]
  ) {
    switch node {
    case .text(let text): steps.append(Step(kind: .text, range: PageProgram.short(add(text))))
    case .value(let path): steps.append(Step(kind: .value, range: add(path: path)))
    case .partial(let name):
      partials.append((steps.count, name))
      steps.append(Step(kind: .partial))
    case .section(let condition, let isInverted, let nodes):
      var step = Step(kind: .section, isInverted: isInverted)
      switch condition {
      case .value(let path): step.range = add(path: path)
      case .isLast: step.kind = .last
      case .isEmpty(let path):
        step.kind = .empty
        step.range = add(path: path)
      }
      let place = steps.count
      steps.append(step)
      for node in nodes { add(node, &partials) }
      steps[place].inner = PageProgram.short(place + 1..<steps.count)
    }
  }

  private mutating func add(_ text: [UInt8]) -> Range<Int> {
    let start = bytes.count
    bytes += text
    return start..<bytes.count
  }

  private mutating func add(path: [String]) -> Range<Int32> {
    let start = names.count
    for name in path { names.append(add(Array(name.utf8))) }
    return PageProgram.short(start..<names.count)
  }

  /// The page that a template makes of values; nil where there is no template of this name.
  func render(_ name: String, _ values: ViewValue) -> [UInt8]? {
    guard let range = templates[name] else { return nil }
    return steps.withUnsafeBufferPointer { steps in
      bytes.withUnsafeBufferPointer { bytes in
        names.withUnsafeBufferPointer { names in
          var page = PageWriter(steps: steps, texts: bytes, names: names)
          page.write(PageProgram.short(range), values)
          return page.bytes
        }
      }
    }
  }
}

/// Fills a template in.
private struct PageWriter {
  let steps: UnsafeBufferPointer<PageProgram.Step>
  let texts: UnsafeBufferPointer<UInt8>
  let names: UnsafeBufferPointer<Range<Int>>
  private(set) var bytes: [UInt8] = []
  /// What names are looked up in, the innermost last.
  private var stack: [ViewValue] = []
  /// Whether the list that is gone through stands at its last member.
  private var isLast = true
  /// Templates that include each other: deeper than any page is.
  private var depth = 0
  private static let depthMax = 20

  init(
    steps: UnsafeBufferPointer<PageProgram.Step>, texts: UnsafeBufferPointer<UInt8>,
    names: UnsafeBufferPointer<Range<Int>>
  ) {
    self.steps = steps
    self.texts = texts
    self.names = names
    bytes.reserveCapacity(1 << 16)
  }

  mutating func write(_ range: Range<Int32>, _ values: ViewValue) {
    stack.append(values)
    write(range)
    stack.removeLast()
  }

  private mutating func write(_ range: Range<Int32>) {
    var place = Int(range.lowerBound)
    while place < Int(range.upperBound) {
      let step = steps[place]
      place += 1
      switch step.kind {
      case .text:
        let text = Int(step.range.lowerBound)..<Int(step.range.upperBound)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: texts[text]))
      case .value: value(step.range)?.append(to: &bytes)
      case .partial:
        guard depth < PageWriter.depthMax else { continue }
        depth += 1
        write(step.inner)
        depth -= 1
      case .section, .last, .empty:
        section(step)
        place = Int(step.inner.upperBound)
      }
    }
  }

  private mutating func section(_ step: PageProgram.Step) {
    let found: ViewValue?
    switch step.kind {
    case .last: found = .flag(isLast)
    case .empty:
      if case .list(let members)? = value(step.range) {
        found = .flag(members.isEmpty)
      } else {
        found = .flag(true)
      }
    case .section, .text, .value, .partial: found = value(step.range)
    }
    switch found {
    case nil, .flag(false): if step.isInverted { write(step.inner) }
    case .flag(true): if !step.isInverted { write(step.inner) }
    case .list(let members):
      if step.isInverted {
        if members.isEmpty { write(step.inner) }
        return
      }
      let before = isLast
      for place in members.indices {
        isLast = place + 1 == members.count
        write(step.inner, members[place])
      }
      isLast = before
    case .text, .exact, .markup, .object:
      if !step.isInverted, let found { write(step.inner, found) }
    }
  }

  /// The value of a path: its first name is looked up from the innermost value outwards, the others
  /// in what that gave. No name at all is the innermost value itself.
  private func value(_ path: Range<Int32>) -> ViewValue? {
    guard !path.isEmpty else { return stack.last }
    let first = text(names[Int(path.lowerBound)])
    var found: ViewValue?
    for place in stack.indices.reversed() {
      if case .object(let members) = stack[place] { found = members.value(first) }
      if found != nil { break }
    }
    for place in path.dropFirst() {
      guard case .object(let members)? = found else { return nil }
      found = members.value(text(names[Int(place)]))
    }
    return found
  }

  private func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: texts[range])
  }
}
