import Model
import Testing

@Suite struct EventTableTests {
  private func event(_ second: Int64?, order: Int64 = -1, run: UInt32 = 0, line: Int32) -> Event {
    var event = Event(
      time: Timestamp(seconds: second ?? 0), isTimed: second != nil, agent: .absent,
      action: .absent, position: SourcePosition(file: 0, line: line))
    event.order = order
    event.run = run
    return event
  }

  /// Untimed before timed; then run, time, order and place. Whatever order they come in.
  @Test func sortsFromAnyOrder() {
    let sorted = [
      event(nil, order: 1, run: 1, line: 9), event(nil, order: 2, run: 1, line: 8),
      event(nil, order: 0, run: 2, line: 7), event(1, line: 6), event(2, order: 0, line: 5),
      event(2, order: 1, line: 3), event(2, order: 1, line: 4), event(3, line: 1),
    ]
    let lines = sorted.map(\.position.line)
    for rotation in sorted.indices {
      var table = EventTable()
      table.events = Array(sorted[rotation...] + sorted[..<rotation])
      table.sort()
      #expect(table.events.map(\.position.line) == lines)
    }
    for first in sorted.indices.dropLast() {
      var table = EventTable()
      table.events = sorted
      table.events.swapAt(first, first + 1)
      table.sort()
      #expect(table.events.map(\.position.line) == lines)
    }
  }
}
