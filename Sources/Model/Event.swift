/// How an action ended.
package enum Outcome: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case allowed
  case denied
  case failed
  /// The source does not say (a tool call without a result): matches no selector by default.
  case unknown

  /// The word used in inputs, policies and reports.
  package var word: String {
    switch self {
    case .allowed: return "allowed"
    case .denied: return "denied"
    case .failed: return "failed"
    case .unknown: return "unknown"
    }
  }
}

/// The fields that every event has a place for; all others are attributes by path.
package enum EventField: UInt8, Sendable, CaseIterable {
  case id, agent, action, resource, task, session, actor, delegatedBy, parent, environment

  /// The name in inputs and policies.
  package var word: String {
    switch self {
    case .id: return "id"
    case .agent: return "agent"
    case .action: return "action"
    case .resource: return "resource"
    case .task: return "task"
    case .session: return "session"
    case .actor: return "actor"
    case .delegatedBy: return "delegatedBy"
    case .parent: return "parent"
    case .environment: return "environment"
    }
  }
}

/// One observed action, compact: symbols of the review's `Symbols`, no text of its own.
package struct Event: Hashable, Sendable, BitwiseCopyable {
  /// The source's event id; where it has none, intake makes `file:line`.
  package var id: Symbol = .absent
  /// When; for a source without a clock, only its order inside its run (see `isTimed`).
  package var time: Timestamp
  /// False when the source has no clock: `time` is then meaningless and `run` bounds comparison.
  package var isTimed: Bool
  /// Whether it is there for others to refer to, and judged elsewhere: see `SpilledEvents`.
  package var isContext = false
  /// The order within equal times where the source gives one (`order`, a transcript), else -1:
  /// events of equal time and without order are unordered.
  package var order: Int64 = -1
  /// The run (transcript, clockless file) it belongs to, from 1; 0 for a source with a clock.
  package var run: UInt32 = 0
  /// The agent that acted.
  package var agent: Symbol
  /// The action's name.
  package var action: Symbol
  /// How it ended.
  package var outcome: Outcome = .allowed
  /// What it acted on.
  package var resource: Symbol = .absent
  /// The task it served.
  package var task: Symbol = .absent
  /// The session it ran in.
  package var session: Symbol = .absent
  /// The person or principal on whose behalf.
  package var actor: Symbol = .absent
  /// The agent that delegated the task.
  package var delegatedBy: Symbol = .absent
  /// The id of the event that caused it.
  package var parent: Symbol = .absent
  /// The environment it happened in.
  package var environment: Symbol = .absent
  /// Its attributes in `EventTable.attributes`: first index and count.
  package var attributesStart: UInt32 = 0
  package var attributesCount: UInt16 = 0
  /// Where it was read.
  package var position: SourcePosition
  /// Where its line begins in its file, decompressed, so that it can be found again; -1 where its
  /// source has no lines.
  package var offset: Int64 = -1

  /// An event; the rest is set by the reader.
  package init(
    time: Timestamp, isTimed: Bool, agent: Symbol, action: Symbol, position: SourcePosition
  ) {
    self.time = time
    self.isTimed = isTimed
    self.agent = agent
    self.action = action
    self.position = position
  }

  /// Replaces every symbol.
  mutating func rename(_ renamed: (Symbol) -> Symbol) {
    id = renamed(id)
    agent = renamed(agent)
    action = renamed(action)
    resource = renamed(resource)
    task = renamed(task)
    session = renamed(session)
    actor = renamed(actor)
    delegatedBy = renamed(delegatedBy)
    parent = renamed(parent)
    environment = renamed(environment)
  }

  /// The value of a built-in field.
  package func value(_ field: EventField) -> Symbol {
    switch field {
    case .id: return id
    case .agent: return agent
    case .action: return action
    case .resource: return resource
    case .task: return task
    case .session: return session
    case .actor: return actor
    case .delegatedBy: return delegatedBy
    case .parent: return parent
    case .environment: return environment
    }
  }
}

/// A value of an attribute. A list is several attributes of one path.
package enum AttributeValue: Sendable, Hashable, BitwiseCopyable {
  case text(Symbol)
  case number(Double)
  case bool(Bool)
  /// The digest of a distinctive token of the field that the path names after `#tokens:` (see
  /// `Tokens`); 0 where the field is there, whatever it holds.
  case token(UInt64)
}

/// One attribute of one event.
package struct Attribute: Sendable, Hashable, BitwiseCopyable {
  /// The dotted path, interned, for example `args.amount`.
  package var path: Symbol
  /// The value.
  package var value: AttributeValue

  /// An attribute.
  package init(path: Symbol, value: AttributeValue) {
    self.path = path
    self.value = value
  }
}

/// The events of a review that are kept one by one, with their attributes.
///
/// Intake keeps the events of actions that some policy looks at, and the attributes that policies
/// name, so that memory follows what is judged and not what is logged; `ActivityTable` has them all.
package struct EventTable: Sendable {
  /// The events. Intake appends in reading order; `sort` brings them into the review's order.
  package var events: [Event] = []
  /// The attributes of all events, each event's side by side.
  package var attributes: [Attribute] = []
  /// Whether some events are there to be looked up only.
  package internal(set) var hasContext = false

  /// An empty table.
  package init() {}

  /// Appends an event with its attributes; those beyond what a table can number are left out.
  package mutating func append(_ event: Event, _ values: [Attribute]) {
    var event = event
    let room = Int(UInt32.max) - attributes.count
    event.attributesStart = UInt32(truncatingIfNeeded: attributes.count)
    event.attributesCount = UInt16(clamping: min(values.count, room))
    attributes.append(contentsOf: values.prefix(Int(event.attributesCount)))
    events.append(event)
  }

  /// Appends the events of another table, each changed on the way.
  package mutating func absorb(
    _ other: EventTable, rename: (Symbol) -> Symbol, change: (inout Event) -> Void
  ) {
    for event in other.events {
      var event = event
      let start = attributes.count
      for attribute in other.attributes(of: event) where attributes.count < Int(UInt32.max) {
        var value = attribute.value
        if case .text(let symbol) = value { value = .text(rename(symbol)) }
        attributes.append(Attribute(path: rename(attribute.path), value: value))
      }
      event.rename(rename)
      change(&event)
      event.attributesStart = UInt32(truncatingIfNeeded: start)
      event.attributesCount = UInt16(truncatingIfNeeded: attributes.count - start)
      events.append(event)
    }
  }

  /// The attributes of an event.
  package func attributes(of event: Event) -> ArraySlice<Attribute> {
    let start = Int(event.attributesStart)
    return attributes[start..<start + Int(event.attributesCount)]
  }

  /// The first value at a path, or nil.
  package func value(of event: Event, path: Symbol) -> AttributeValue? {
    for attribute in attributes(of: event) where attribute.path == path { return attribute.value }
    return nil
  }

  /// Sorts the events from one on, and says where each event came to lie.
  package mutating func sortRenumbering(from first: Int) -> [Int] {
    let sorted = (first..<events.count).sorted { left, right in
      if EventTable.precedes(events[left], events[right]) { return true }
      return left < right && !EventTable.precedes(events[right], events[left])
    }
    let order = Array(0..<first) + sorted
    var places = [Int](repeating: 0, count: events.count)
    for (place, index) in order.enumerated() { places[index] = place }
    events = order.map { events[$0] }
    return places
  }

  /// Sorts by clock, time, order, position: untimed events first, by run and order.
  ///
  /// A log in order, the common case, is only looked at and not copied.
  package mutating func sort() {
    let isSorted = !events.indices.dropFirst().contains { index in
      EventTable.precedes(events[index], events[index - 1])
    }
    if !isSorted { events.sort(by: EventTable.precedes) }
  }

  private static func precedes(_ left: Event, _ right: Event) -> Bool {
    if left.isTimed != right.isTimed { return !left.isTimed }
    if !left.isTimed, left.run != right.run { return left.run < right.run }
    if left.isTimed, left.time != right.time { return left.time < right.time }
    if left.order != right.order { return left.order < right.order }
    return left.position < right.position
  }
}
