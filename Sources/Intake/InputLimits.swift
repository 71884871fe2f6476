/// Bounds on what one input may make intake do.
package struct InputLimits: Sendable {
  /// The longest line, or record of a document, in bytes; longer ones are skipped.
  package var recordBytesMax: Int
  /// How many bytes of whole lines are read as one piece: enough that what is done once for a piece
  /// costs nothing, and so few that its texts stay in the cache. The result does not depend on it.
  package var blockBytes: Int
  /// The largest YAML file in bytes: YAML is read whole.
  package var wholeBytesMax: Int
  /// The most that a compressed file may grow to, in multiples of its size ...
  package var expansionMax: Int
  /// ... once it has given this many bytes.
  package var expansionFreeBytes: Int
  /// Problems of one kind that are listed for one file; further ones are counted.
  package var problemsListedMax: Int

  /// What a review uses.
  package static let standard = InputLimits(
    recordBytesMax: 32 << 20, blockBytes: 4 << 20, wholeBytesMax: 64 << 20, expansionMax: 200,
    expansionFreeBytes: 1 << 30, problemsListedMax: 25)

  /// Bounds.
  package init(
    recordBytesMax: Int, blockBytes: Int, wholeBytesMax: Int, expansionMax: Int,
    expansionFreeBytes: Int,
    problemsListedMax: Int
  ) {
    self.recordBytesMax = recordBytesMax
    self.blockBytes = blockBytes
    self.wholeBytesMax = wholeBytesMax
    self.expansionMax = expansionMax
    self.expansionFreeBytes = expansionFreeBytes
    self.problemsListedMax = problemsListedMax
  }
}
