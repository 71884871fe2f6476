/// Reads elements of an array, with their fields, as far as they lie whole in the bytes at hand.
///
/// INVARIANT: between `begin` and the `next` that gives nothing the bytes are neither dropped nor
/// filled by anyone else.
final class ElementsAhead {
  typealias Element = (bytes: UnsafeRawBufferPointer, result: FieldReader.Result)

  private let input: InputBytes
  private let blocks: BlockReader
  private var isReading = false
  /// How many elements are left to others before the next try, and how many after a failed one.
  private var pause = 0
  private var pauseNext = 1

  /// How much should be at hand, and what makes a try worth its cost.
  private static let bytesWanted = 512 << 10
  private static let bytesWorth = 64 << 10
  private static let pauseMax = 256

  init(_ input: InputBytes, _ fields: FieldReader) {
    self.input = input
    blocks = BlockReader(fields)
  }

  /// Begins at an element that lies at the front of the bytes at hand, and gives it; nil when it,
  /// or this try, is left to others.
  func begin() -> Element? {
    guard pause == 0 else {
      pause -= 1
      return nil
    }
    _ = input.fill(toAtLeast: ElementsAhead.bytesWanted)
    blocks.beginElements(input.available)
    isReading = true
    return next()
  }

  /// The next element; nil, and the bytes before what comes next are dropped, when there is none.
  func next() -> Element? {
    guard isReading else { return nil }
    if let result = blocks.nextElement() { return (blocks.line, result) }
    isReading = false
    input.drop(blocks.offset)
    if blocks.offset >= ElementsAhead.bytesWorth {
      pauseNext = 1
    } else {
      pause = pauseNext
      pauseNext = min(pauseNext * 2, ElementsAhead.pauseMax)
    }
    return nil
  }
}
