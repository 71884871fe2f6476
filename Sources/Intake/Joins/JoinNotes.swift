internal import Model

/// What was joined, as one piece of the input or all of it tells.
struct JoinNotes: Sendable {
  /// What joined events have in common.
  struct Key: Hashable, Sendable {
    var rule: JoinRule
    var name: String?
    var task: String
    var knownBy: UInt8?
    var source: Int
  }

  /// Two types of source.
  struct Clocks: Hashable, Sendable {
    var callers: UInt8
    var servers: Int
  }

  /// What requests that both have say about their clocks.
  struct Difference: Sendable {
    var requests = 0
    var atLeast = Int64.min
    var atMost = Int64.max

    mutating func add(_ other: Difference) {
      requests += other.requests
      atLeast = max(atLeast, other.atLeast)
      atMost = min(atMost, other.atMost)
    }
  }

  private(set) var events: [Key: Int] = [:]
  private(set) var clocks: [Clocks: Difference] = [:]

  mutating func count(_ key: Key) { events[key, default: 0] += 1 }

  mutating func add(_ difference: Difference, between clocks: Clocks) {
    self.clocks[clocks, default: Difference()].add(difference)
  }

  mutating func absorb(_ other: JoinNotes) {
    for (key, count) in other.events { events[key, default: 0] += count }
    for (clocks, difference) in other.clocks { add(difference, between: clocks) }
  }

  /// The joined tasks, and how the clocks differ, sorted.
  func finished(_ types: [String]) -> (tasks: [TaskJoin], clocks: [ClockDifference]) {
    func type(_ number: Int) -> String {
      types.indices.contains(number) ? types[number] : "unknown"
    }
    let tasks = events.map { key, count in
      TaskJoin(
        rule: key.rule, name: key.name, task: key.task, knownBy: key.knownBy.map { type(Int($0)) },
        source: type(key.source), events: count)
    }.sorted {
      ($0.task, $0.rule.rawValue, $0.source, $0.name ?? "", $0.knownBy ?? "")
        < ($1.task, $1.rule.rawValue, $1.source, $1.name ?? "", $1.knownBy ?? "")
    }
    let clocks = self.clocks.map { clocks, difference in
      ClockDifference(
        callers: type(Int(clocks.callers)), servers: type(clocks.servers),
        requests: difference.requests, atLeast: difference.atLeast, atMost: difference.atMost)
    }.sorted { ($0.callers, $0.servers) < ($1.callers, $1.servers) }
    return (tasks, clocks)
  }
}

extension Reading {
  /// The digest of an id; never 0.
  func linkKey(_ kind: LinkKind, _ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    options.linkDigest.key(kind, text)
  }

  /// The digest of an id that is a text; of a trace, or a span, in lower case.
  func linkKey(_ kind: LinkKind, _ text: String) -> UInt64 {
    var text = kind == .trace || kind == .span ? text.lowercased() : text
    return text.withUTF8 { linkKey(kind, $0) }
  }

  /// Notes what an id says about whatever has it.
  mutating func know(_ kind: LinkKind, _ text: String, _ link: TaskLink) {
    know(linkKey(kind, text), link)
  }

  /// Notes what the id of a digest says about whatever has it.
  mutating func know(_ key: UInt64, _ link: TaskLink) {
    var link = link
    link.source = UInt8(clamping: source)
    links.known.append((key, link))
  }

  /// Notes the task of an event, so that sessions may be named after it.
  mutating func noteTask(_ task: Symbol) {
    guard task.isPresent, options.links == nil, links.isNew(task: task) else { return }
    let text = symbols.text(task)
    guard Reading.isTelling(text) else { return }
    links.tasks.append(linkKey(.name, text))
  }

  /// Notes that a session has a name that may be a task's, or a trace's.
  mutating func ask(_ name: UnsafeBufferPointer<UInt8>, of session: Symbol) {
    guard options.links == nil, links.isNew(session: session) else { return }
    let text = String(decoding: name, as: UTF8.self)
    guard Reading.isTelling(text) else { return }
    links.asked.append(linkKey(.name, text))
    links.asked.append(linkKey(.trace, text))
  }

  /// Whether a name is so long and so uncommon that two that are equal are no chance: at least eight
  /// characters, a digit among them.
  static func isTelling(_ name: String) -> Bool {
    name.utf8.count >= 8 && name.utf8.contains { (0x30...0x39).contains($0) }
  }

  /// Joins an event without a task to the one that an id of it belongs to.
  mutating func join(
    _ event: inout Event, _ kind: LinkKind, _ text: UnsafeBufferPointer<UInt8>, rule: JoinRule
  ) -> Bool {
    guard let links = options.links, !event.task.isPresent, !text.isEmpty,
      let link = links.link(linkKey(kind, text))
    else { return false }
    let name = kind == .request || kind == .span ? nil : String(decoding: text, as: UTF8.self)
    take(link, of: links, into: &event, rule: rule, name: kind == .credential ? nil : name)
    if kind == .request { compare(event, link) }
    return true
  }

  /// Joins an event without a task to the task, or the trace, that its session is named after.
  mutating func join(
    _ event: inout Event, named name: UnsafeBufferPointer<UInt8>, rule: JoinRule
  ) -> Bool {
    guard let links = options.links, !event.task.isPresent, !name.isEmpty else { return false }
    let text = String(decoding: name, as: UTF8.self)
    if let link = links.link(linkKey(.trace, text)) {
      take(link, of: links, into: &event, rule: .trace, name: text)
      return true
    }
    guard links.isTask(linkKey(.name, text)) else { return false }
    event.task = symbols.intern(name)
    joins.count(
      JoinNotes.Key(rule: rule, name: text, task: text, knownBy: nil, source: source))
    return true
  }

  /// Joins an event without a task to the span, else the trace, that it names: `00-TRACE-SPAN-01`,
  /// as W3C's Trace Context writes it.
  mutating func join(_ event: inout Event, traceparent: UnsafeBufferPointer<UInt8>) {
    guard !event.task.isPresent else { return }
    let parts = String(decoding: traceparent, as: UTF8.self).split(separator: "-")
    guard parts.count >= 4, parts[1].utf8.count == 32, parts[2].utf8.count == 16 else { return }
    guard options.links != nil else {
      links.asked.append(linkKey(.span, "\(parts[1])/\(parts[2])"))
      links.asked.append(linkKey(.trace, String(parts[1])))
      return
    }
    var span = "\(parts[1])/\(parts[2])".lowercased()
    if span.withUTF8({ join(&event, .span, $0, rule: .span) }) { return }
    var trace = parts[1].lowercased()
    _ = trace.withUTF8 { join(&event, .trace, $0, rule: .trace) }
  }

  private mutating func take(
    _ link: TaskLink, of links: TaskLinks, into event: inout Event, rule: JoinRule, name: String?
  ) {
    let task = links.texts.text(link.task)
    event.task = symbols.intern(task)
    if link.parent.isPresent, !event.parent.isPresent {
      event.parent = symbols.intern(link.parent, of: links.texts)
    }
    if link.agent.isPresent, !event.delegatedBy.isPresent {
      let agent = symbols.intern(link.agent, of: links.texts)
      if agent != event.agent { event.delegatedBy = agent }
    }
    joins.count(
      JoinNotes.Key(rule: rule, name: name, task: task, knownBy: link.source, source: source))
  }

  /// Compares what a caller and a server say about the same request.
  private mutating func compare(_ event: Event, _ link: TaskLink) {
    if link.outcome == .allowed, event.outcome == .denied || event.outcome == .failed {
      problem(
        line: Int(event.position.line),
        "the trace of its caller says that this request succeeded, this log that it "
          + (event.outcome == .denied ? "was denied" : "failed"), "the log of the server counts")
    } else if link.outcome == .failed || link.outcome == .denied, event.outcome == .allowed {
      problem(
        line: Int(event.position.line),
        "the trace of its caller says that this request failed, this log that it succeeded",
        "the log of the server counts")
    }
    guard event.isTimed, link.start > 0, link.end >= link.start else { return }
    // A log that writes whole seconds leaves open when in its second it was.
    var resolution: Int64 = 1_000_000_000
    for _ in 0..<min(event.time.fractionDigits, 9) { resolution /= 10 }
    let time = event.time.nanoseconds
    joins.add(
      JoinNotes.Difference(
        requests: 1, atLeast: time &- link.end, atMost: time &+ resolution &- link.start),
      between: JoinNotes.Clocks(callers: link.source, servers: source))
  }
}

extension ReviewInput {
  /// Clocks of sources that do not agree: the order of their events is uncertain by so much.
  var clockProblems: [Problem] {
    joins.clocks.filter { !$0.isZero || !$0.isSteady }.map { clock in
      let requests = "\(clock.requests) \(clock.requests == 1 ? "request" : "requests")"
      let reason: String
      if clock.isSteady {
        let ahead = clock.atLeast > 0
        let low = seconds(ahead ? clock.atLeast : 0 - clock.atMost)
        let high = seconds(ahead ? clock.atMost : 0 - clock.atLeast)
        reason =
          "the clock of \(clock.servers) is \(low) to \(high) \(ahead ? "ahead of" : "behind") "
          + "that of \(clock.callers), by \(requests) that both have"
      } else {
        reason =
          "the clocks of \(clock.servers) and \(clock.callers) drift: no one difference fits "
          + "\(requests) that both have, which ask for at least \(seconds(clock.atLeast)) and at "
          + "most \(seconds(clock.atMost))"
      }
      let file = files.first { $0.type == clock.servers }?.path ?? ""
      return Problem(
        file: file, line: 0, reason: reason,
        consequence: "times are used as they are; the order of events so close is uncertain")
    }
  }

  private func seconds(_ nanoseconds: Int64) -> String {
    let tenths = nanoseconds / 100_000_000
    return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) s"
  }
}
