import Model
import Policies

/// Which events belong together, as the reference says it: `per`, `delegation`, runs.
struct BruteKeys {
  let policy: Policy
  /// All events in the table's order.
  let events: [BruteEvent]

  /// The events of each key, in the table's order; those without a key are left out.
  func groups() -> [[BruteEvent]] {
    var order: [[String]] = []
    var groups: [[String]: [BruteEvent]] = [:]
    for event in events {
      guard let key = key(of: event) else { continue }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(event)
    }
    return order.compactMap { groups[$0] }
  }

  /// The key as texts: which field of each part gave it, and its value; nil without one.
  private func key(of event: BruteEvent) -> [String]? {
    var key = [event.time == nil ? "run \(event.run)" : "clock"]
    let rooted = rooted(event)
    for part in policy.key {
      guard let field = part.firstOf.first(where: { !rooted.values($0).isEmpty }),
        let value = rooted.values(field).first
      else { return nil }
      key.append("\(field.text)=\(value.text)")
    }
    return key
  }

  /// The event with the fields of the root of its delegation.
  private func rooted(_ event: BruteEvent) -> BruteEvent {
    guard let delegation = policy.delegation else { return event }
    var rooted = event
    switch delegation.follow {
    case .parent:
      for _ in 0..<delegation.depth {
        guard let parent = parent(of: rooted) else { break }
        rooted = parent
      }
    case .rootTask:
      for _ in 0..<delegation.depth {
        guard let task = rooted.task, let outer = outerTask(of: task) else { break }
        rooted.fields["task"] = [.text(outer)]
      }
    case .delegatedBy:
      for hop in 0..<delegation.depth {
        let own = hop == 0 ? event.fields["delegatedBy"]?.first : nil
        guard let next = own ?? delegator(of: rooted) else { break }
        rooted.fields["agent"] = [next]
      }
    }
    return rooted
  }

  private func parent(of event: BruteEvent) -> BruteEvent? {
    event.parent.flatMap { id in events.first { $0.id == id } }
  }

  /// The task in which a task was started: that of the parent of its first event that has a parent
  /// in another task.
  private func outerTask(of task: String) -> String? {
    events.lazy.filter { $0.task == task }
      .compactMap { parent(of: $0)?.task }.first { $0 != task }
  }

  /// Who delegated to the agent of an event in its task, as the first event says that does.
  private func delegator(of event: BruteEvent) -> BruteEvent.AttributeText? {
    events.first { other in
      other.fields["agent"] == event.fields["agent"] && other.task == event.task
        && other.fields["delegatedBy"] != nil
    }?.fields["delegatedBy"]?.first
  }
}
