internal import CSimdjson

/// The outline of a JSON text that may be cut off: which paths it has, and what stands there.
struct JSONSketch {
  /// What a value begins as.
  enum Kind {
    case object, array, text, other
  }

  /// Kinds by dotted path; elements of arrays have the array's path. The root is "".
  private(set) var kinds: [String: Kind] = [:]
  /// The short texts by dotted path, each once, in order: words such as `kind` tell what it is.
  private(set) var texts: [String: [String]] = [:]
  /// The keys of the root object, in order.
  private(set) var keys: [String] = []
  /// Whether the text breaks off inside the root.
  private(set) var isCut = false

  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  private static let depthMax = 10
  private static let pathsMax = 1_000
  private static let elementsMax = 3
  private static let textBytesMax = 64

  /// Looks at one JSON value.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    isCut = !value("", depth: 0)
  }

  /// Whether the root is an array.
  var isList: Bool { kinds[""] == .array }

  /// Whether there is anything at a path, of the kind if one is asked for.
  func has(_ path: String, _ kind: Kind? = nil) -> Bool {
    guard let found = kinds[path] else { return false }
    return kind == nil || found == kind
  }

  private mutating func skipSpace(_ also: UInt8? = nil) {
    while at < bytes.count, bytes[at] <= 0x20 || bytes[at] == also { at += 1 }
  }

  /// False when the text ends inside the value.
  private mutating func value(_ path: String, depth: Int) -> Bool {
    skipSpace()
    guard at < bytes.count else { return false }
    guard depth < JSONSketch.depthMax else { return skip() }
    switch bytes[at] {
    case UInt8(ascii: "{"):
      note(path, .object)
      return object(path, depth: depth)
    case UInt8(ascii: "["):
      note(path, .array)
      return array(path, depth: depth)
    case UInt8(ascii: "\""):
      note(path, .text)
      let start = at + 1
      guard skip() else { return false }
      note(path, bytes[start..<max(start, at - 1)])
      return true
    default:
      note(path, .other)
      return skip()
    }
  }

  private mutating func object(_ path: String, depth: Int) -> Bool {
    at += 1
    while true {
      skipSpace(UInt8(ascii: ","))
      guard at < bytes.count else { return false }
      if bytes[at] == UInt8(ascii: "}") {
        at += 1
        return true
      }
      guard bytes[at] == UInt8(ascii: "\"") else { return false }
      let start = at + 1
      guard skip() else { return false }
      let key = String(decoding: bytes[start..<max(start, at - 1)], as: UTF8.self)
      skipSpace(UInt8(ascii: ":"))
      if depth == 0 { keys.append(key) }
      guard value(path.isEmpty ? key : "\(path).\(key)", depth: depth + 1) else { return false }
    }
  }

  private mutating func array(_ path: String, depth: Int) -> Bool {
    at += 1
    var count = 0
    while true {
      skipSpace(UInt8(ascii: ","))
      guard at < bytes.count else { return false }
      if bytes[at] == UInt8(ascii: "]") {
        at += 1
        return true
      }
      count += 1
      let isWhole = count > JSONSketch.elementsMax ? skip() : element(path, depth: depth)
      guard isWhole else { return false }
    }
  }

  /// An element's members have the array's path before them.
  private mutating func element(_ path: String, depth: Int) -> Bool {
    switch bytes[at] {
    case UInt8(ascii: "{"): return object(path, depth: depth + 1)
    case UInt8(ascii: "["):
      return depth < JSONSketch.depthMax ? array(path, depth: depth + 1) : skip()
    default: return skip()
    }
  }

  private mutating func skip() -> Bool {
    var walk = SequiturWalk()
    let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
    let walked = sequitur_walk(
      &walk, rest.baseAddress?.assumingMemoryBound(to: CChar.self), rest.count)
    at += max(walked, walk.isDone ? 0 : 1)
    // A stray bracket is a scalar of no length: step over it, or the walk would not move.
    if walk.isDone, walked == 0 { at += 1 }
    return walk.isDone
  }

  private mutating func note(_ path: String, _ text: Slice<UnsafeRawBufferPointer>) {
    guard text.count <= JSONSketch.textBytesMax, kinds[path] != nil else { return }
    let text = String(decoding: text, as: UTF8.self)
    if texts[path]?.contains(text) != true { texts[path, default: []].append(text) }
  }

  private mutating func note(_ path: String, _ kind: Kind) {
    guard kinds[path] == nil, kinds.count < JSONSketch.pathsMax else { return }
    kinds[path] = kind
  }
}
