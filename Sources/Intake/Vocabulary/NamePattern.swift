/// A pattern over action names, without case: `*` is any run, everything else itself.
///
/// Matching goes back to the last `*` only: at most pattern times name steps.
struct NamePattern: Sendable {
  private let pattern: [UInt8]

  init(_ text: String) { pattern = Array(text.lowercased().utf8) }

  /// Whether it matches a name that is lower-case.
  func matches(folded name: String) -> Bool {
    var name = name
    return name.withUTF8 { matches($0) }
  }

  private func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let star = UInt8(ascii: "*")
    var place = 0
    var index = 0
    var afterStar: Int?
    var resume = 0
    while index < name.count {
      if place < pattern.count, pattern[place] == star {
        place += 1
        afterStar = place
        resume = index
      } else if place < pattern.count, pattern[place] == name[index] {
        place += 1
        index += 1
      } else if let start = afterStar {
        resume += 1
        index = resume
        place = start
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == star }
  }
}
