internal import Crypto

/// A file of decisions that a review was given, as it was read: a part of its evidence.
package struct DecisionFile: Sendable, Equatable {
  /// Its path as the user would name it, and its bytes.
  package var path: String
  package var bytes: [UInt8]
  /// Rows with a decision that can be read, and rows without one.
  package var decisions: Int
  package var undecided: Int

  /// A file with what was read of it.
  package init(path: String, bytes: [UInt8], decisions: Int, undecided: Int) {
    self.path = path
    self.bytes = bytes
    self.decisions = decisions
    self.undecided = undecided
  }

  /// Lower-case hex.
  package var sha256: String {
    SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0\(digits)" : digits
    }.joined()
  }

  /// Where the copy of the file of a place in the list lies in the review's folder.
  static func copyPath(_ place: Int) -> String { "decisions-read/\(place + 1)" }
}
