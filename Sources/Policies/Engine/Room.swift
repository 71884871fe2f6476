/// A stretch of memory for plain values, used again from key to key: no reference is counted and no
/// array copied where the engine spends its time. Only debug builds check places.
struct Room<Element: BitwiseCopyable>: ~Copyable {
  private(set) var elements: UnsafeMutableBufferPointer<Element>

  /// Room for a number of elements, each of one value.
  init(_ count: Int, repeating value: Element) {
    elements = .allocate(capacity: max(1, count))
    elements.initialize(repeating: value)
  }

  deinit { elements.deallocate() }

  /// Makes sure that there is room; what was there is lost where there was not.
  mutating func reserve(_ count: Int, repeating value: Element) {
    if count <= elements.count { return }
    elements.deallocate()
    elements = .allocate(capacity: max(count, elements.count * 2))
    elements.initialize(repeating: value)
  }

  subscript(_ place: Int) -> Element {
    @inline(__always) get { elements[place] }
    @inline(__always) nonmutating set { elements[place] = newValue }
  }
}
