/// One timed event as the tally of uses takes it, looked up and interned before.
package struct TimedUse: Sendable, BitwiseCopyable {
  /// The cell of its agent and action: see `ActivityTable.cell`.
  package var cell: Int32
  /// What it acted on, where its cell may keep it, and that resource's name.
  package var resource = Symbol.absent
  package var name = Symbol.absent
  /// When it was.
  package var time: Timestamp
  /// How it ended.
  package var outcome: Outcome
  /// Whether the source says what it acted on.
  package var isNamed = false

  /// A use; the rest is set by the reader.
  package init(cell: Int32, time: Timestamp, outcome: Outcome) {
    self.cell = cell
    self.time = time
    self.outcome = outcome
  }
}
