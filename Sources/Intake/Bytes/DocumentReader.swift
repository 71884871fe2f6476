internal import CSimdjson

/// Splits a JSON document into the elements of its arrays and its other members, by brackets and
/// quotes alone, so that a document of any size is read record by record and a damaged record costs
/// only itself. Documents may follow one another.
final class DocumentReader {
  /// What was found next; bytes live until the next call and have JSON's padding behind.
  enum Next {
    /// An object begins.
    case begin
    /// An element of the array under a key, or of an array that is the document itself (key 0).
    case element(key: Int, UnsafeRawBufferPointer)
    /// Another member of the object.
    case member(name: String, UnsafeRawBufferPointer)
    /// A value of more than `InputLimits.recordBytesMax`; it was skipped.
    case tooLarge
    /// The text breaks off or is no JSON; nothing more is read.
    case broken(String)
    /// The object or array ended.
    case finish
    case end
  }

  private enum Place {
    case outside, object, array(key: Int), stopped
  }

  /// The number of the element found last, over all arrays and documents, from 1.
  private(set) var number = 0
  /// The keys whose arrays are taken apart; `keys[0]` is "", the document itself.
  let keys: [String]
  private let bytes: InputBytes
  private let bytesMax: Int
  private var place = Place.outside
  private var isInsideObject = false
  private var used = 0

  private let areRootsElements: Bool

  /// Takes documents apart.
  ///
  /// - Parameter keys: The keys whose arrays are taken apart.
  convenience init(_ bytes: InputBytes, keys: [String], limits: InputLimits) {
    self.init(bytes, keys: keys, areRootsElements: false, limits: limits)
  }

  /// Gives whole documents as elements.
  convenience init(wholeDocumentsOf bytes: InputBytes, limits: InputLimits) {
    self.init(bytes, keys: [], areRootsElements: true, limits: limits)
  }

  private init(
    _ bytes: InputBytes, keys: [String], areRootsElements: Bool, limits: InputLimits
  ) {
    self.bytes = bytes
    self.keys = [""] + keys
    self.areRootsElements = areRootsElements
    bytesMax = limits.recordBytesMax
    if bytes.fill(toAtLeast: 3) >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      bytes.drop(3)
    }
  }

  /// The next part of the document.
  func next() -> Next {
    bytes.drop(used)
    used = 0
    switch place {
    case .outside: return nextOutside()
    case .object: return nextMember()
    case .array(let key): return nextElement(key: key)
    case .stopped: return .end
    }
  }

  private func nextOutside() -> Next {
    guard let byte = peek() else {
      place = .stopped
      return .end
    }
    switch byte {
    case UInt8(ascii: "{") where areRootsElements:
      return element(key: 0)
    case UInt8(ascii: "{"):
      bytes.drop(1)
      place = .object
      isInsideObject = true
      return .begin
    case UInt8(ascii: "["):
      bytes.drop(1)
      place = .array(key: 0)
      isInsideObject = false
      return next()
    default:
      return broken("text that is not JSON")
    }
  }

  private func nextMember() -> Next {
    guard let byte = peek(skippingCommas: true) else { return broken("ends inside an object") }
    if byte == UInt8(ascii: "}") {
      bytes.drop(1)
      place = .outside
      return .finish
    }
    guard byte == UInt8(ascii: "\"") else { return broken("a member without a name") }
    guard let whole = value() else { return broken("ends inside an object") }
    guard let key = whole else { return broken("a name that is too long") }
    let name = DocumentReader.name(key)
    bytes.drop(used)
    used = 0
    guard peek() == UInt8(ascii: ":") else { return broken("a member without a value") }
    bytes.drop(1)
    guard let first = peek() else { return broken("ends inside an object") }
    if first == UInt8(ascii: "["), let index = keys.dropFirst().firstIndex(of: name) {
      bytes.drop(1)
      place = .array(key: index)
      return next()
    }
    guard let wholeValue = value() else { return broken("ends inside an object") }
    guard let member = wholeValue else { return .tooLarge }
    if member.isEmpty { return broken("a member without a value") }
    return .member(name: name, member)
  }

  private func nextElement(key: Int) -> Next {
    guard let byte = peek(skippingCommas: true) else { return broken("ends inside a list") }
    if byte == UInt8(ascii: "]") {
      bytes.drop(1)
      place = isInsideObject ? .object : .outside
      return isInsideObject ? next() : .finish
    }
    return element(key: key)
  }

  private func element(key: Int) -> Next {
    number += 1
    guard let whole = value() else { return broken("ends in the middle of a record") }
    guard let element = whole else { return .tooLarge }
    if element.isEmpty { return broken("text that is not JSON") }
    return .element(key: key, element)
  }

  /// The value that begins here: nil when the input ends inside it, an inner nil when it was too
  /// large.
  private func value() -> UnsafeRawBufferPointer?? {
    var walk = SequiturWalk()
    var walked = 0
    var isTooLarge = false
    while true {
      let rest = bytes.slice(walked, bytes.end - bytes.start - walked)
      walked += sequitur_walk(
        &walk, rest.baseAddress?.assumingMemoryBound(to: CChar.self), rest.count)
      if walk.isDone { break }
      if walked > bytesMax {
        isTooLarge = true
        bytes.drop(walked)
        walked = 0
      }
      if !bytes.fill() {
        if walk.isScalar { break }
        used = bytes.end - bytes.start
        return nil
      }
    }
    used = walked
    return .some(isTooLarge || walked > bytesMax ? nil : bytes.slice(0, walked))
  }

  /// The next byte that means something.
  private func peek(skippingCommas: Bool = false) -> UInt8? {
    while true {
      var offset = 0
      let count = bytes.end - bytes.start
      while offset < count {
        let byte = bytes[offset]
        if byte > 0x20, !skippingCommas || byte != UInt8(ascii: ",") {
          bytes.drop(offset)
          return byte
        }
        offset += 1
      }
      bytes.drop(count)
      if !bytes.fill() { return nil }
    }
  }

  private func broken(_ reason: String) -> Next {
    place = .stopped
    return .broken(reason)
  }

  /// The text between the quotes; a name with escapes is none that is looked for.
  private static func name(_ quoted: UnsafeRawBufferPointer) -> String {
    String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
  }
}
