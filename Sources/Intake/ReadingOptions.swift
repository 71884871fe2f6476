package import Model

/// How an input is read.
package struct ReadingOptions: Sendable {
  /// What is known before; its `meanings` are filled for every action of the input.
  package var vocabulary: Vocabulary
  /// What an action means, by its name and, for a tool, its description and annotations.
  package var meaning:
    @Sendable (_ action: String, _ description: String?, _ annotations: [NamedValue]) ->
      ActionMeaning
  /// The paths of events to keep, as the policies want them.
  package var wantedAttributes: [String]
  /// Whether the events of an action are kept one by one, and not only tallied.
  package var watches: @Sendable (_ action: String) -> Bool
  /// Whether events whose source knows tasks and parents are all kept, whatever their action: where
  /// work is followed through its delegation, any of them may be a link.
  package var keepsLinks: Bool
  /// What bounds the tally of uses; its window is the one that was asked for.
  package var activity: ActivityTable.Bounds
  /// Timed events outside are problems; nil before that is known.
  var plausible: ClosedRange<Timestamp>?
  /// Threads to read on, at least 1. The result does not depend on it.
  package var threads: Int
  /// Whether the SHA-256 of each file is made.
  package var isHashed: Bool
  /// How much memory events may take, and where they go beyond it; nil where all are kept there.
  package var memory: MemoryBound?
  /// Duplicates that were found by reading before, with a bound on the memory of known ids.
  var duplicates: FoundDuplicates?
  /// Whether a reader may count events in the tally of its thread; tests compare with the other road.
  var talliesByThread = true
  /// What ids of all sources say about tasks; nil before that is known.
  var links: TaskLinks?
  /// The key of the digests of these ids.
  let linkDigest = IDDigest()
  /// Bounds on what one input may make intake do.
  package var limits: InputLimits

  /// Reads everything and keeps every event; the rest is set by the caller.
  package init(
    vocabulary: Vocabulary,
    meaning:
      @escaping @Sendable (
        _ action: String, _ description: String?, _ annotations: [NamedValue]
      ) -> ActionMeaning
  ) {
    self.vocabulary = vocabulary
    self.meaning = meaning
    wantedAttributes = []
    watches = { _ in true }
    keepsLinks = true
    activity = .standard
    threads = 1
    isHashed = true
    limits = .standard
  }
}
