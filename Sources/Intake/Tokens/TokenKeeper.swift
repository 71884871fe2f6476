internal import CSimdjson
internal import Model

/// Keeps digests of the distinctive tokens of the fields that policies ask about, and never their
/// contents. Of each query there is one `AttributeValue.token` for each distinct token of the event
/// that is read, and a token 0 where the field is there.
struct TokenKeeper {
  /// The most tokens kept of one field of one event.
  static let tokensMax = 4_096

  private struct Want {
    var query: TokenQuery
    var symbol: Symbol
    var tokens: Tokens
    /// Kinds of action, which are no values.
    var kinds: Set<UInt64> = []
    /// Whether the event that is read has the field.
    var isThere = false
  }

  private var wants: [Want] = []
  private let words: WordRules

  /// The fields that are asked about, each with the indices of its queries.
  let fields: [(path: String, wants: [Int])]

  init(_ reading: Reading) {
    words = reading.words
    var indices: [String: [Int]] = [:]
    for wanted in reading.wanted {
      guard let query = TokenQuery(path: wanted.path) else { continue }
      indices[query.field, default: []].append(wants.count)
      let tokens = Tokens(kinds: query.kinds, isInText: query.isInText)
      wants.append(Want(query: query, symbol: wanted.symbol, tokens: tokens))
    }
    fields = indices.map { ($0.key, $0.value) }.sorted { $0.path < $1.path }
  }

  /// Takes the tokens of a value; of an object those of all texts and numbers below it.
  mutating func take(_ field: SequiturField, for indices: [Int]) {
    if field.isNull { return }
    if field.isObject {
      for index in indices { wants[index].isThere = true }
      forEachText(inJSON: field.bytes) { take($0, for: indices) }
    } else {
      take(field.isString || field.isNumber ? field.bytes : nothing, for: indices)
    }
  }

  private var nothing: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

  /// Takes the tokens of a text.
  mutating func take(_ text: String, for indices: [Int]) {
    var text = text
    text.withUTF8 { take($0, for: indices) }
  }

  /// Takes the tokens of a text's bytes.
  mutating func take(_ text: UnsafeBufferPointer<UInt8>, for indices: [Int]) {
    for index in indices {
      wants[index].isThere = true
      let kinds = wants[index].query.kinds
      if !kinds.isDisjoint(with: .values) { wants[index].tokens.add(text) }
      if kinds.contains(.instruction) {
        wants[index].kinds.formUnion(words.instructions(in: String(decoding: text, as: UTF8.self)))
      }
      if kinds.contains(.mention) {
        wants[index].kinds.formUnion(words.mentions(in: String(decoding: text, as: UTF8.self)))
      }
    }
  }

  /// Keeps what was taken for the event that is appended next, and begins a new one.
  mutating func keep(in reading: inout Reading, line: Int) {
    for index in wants.indices where wants[index].isThere {
      let symbol = wants[index].symbol
      reading.attribute(symbol, .token(0))
      var digests = wants[index].tokens.distinct()
      digests += wants[index].kinds.sorted()
      if digests.count > TokenKeeper.tokensMax {
        reading.problem(
          line: line,
          "`\(wants[index].query.field)` has more than \(TokenKeeper.tokensMax) distinctive tokens",
          "the rest is not looked for elsewhere")
      }
      for digest in digests.prefix(TokenKeeper.tokensMax) {
        reading.attribute(symbol, .token(digest))
      }
      forget(index)
    }
  }

  private mutating func forget(_ index: Int) {
    wants[index].isThere = false
    wants[index].tokens.removeAll()
    wants[index].kinds.removeAll(keepingCapacity: true)
  }
}

/// Gives the texts and numbers of a JSON value, the names of members left out.
///
/// The value was parsed before, so that only what lies in it is looked for; of an escaped text the
/// escapes of single characters are undone, which is all that tokens need.
func forEachText(
  inJSON json: UnsafeBufferPointer<UInt8>, _ give: (UnsafeBufferPointer<UInt8>) -> Void
) {
  let quote = UInt8(ascii: "\"")
  let backslash = UInt8(ascii: "\\")
  var index = 0
  while index < json.count {
    let start = index
    if json[index] == quote {
      index += 1
      var isEscaped = false
      while index < json.count, json[index] != quote {
        if json[index] == backslash {
          isEscaped = true
          index += 1
        }
        index += 1
      }
      let end = min(index, json.count)
      index = end + 1
      var next = index
      while next < json.count, json[next] <= 0x20 { next += 1 }
      if next < json.count, json[next] == UInt8(ascii: ":") { continue }
      let text = UnsafeBufferPointer(rebasing: json[(start + 1)..<end])
      if isEscaped {
        unescaped(json: text).withUnsafeBufferPointer(give)
      } else {
        give(text)
      }
    } else if json[index] == UInt8(ascii: "-") || isDigit(json[index]) {
      while index < json.count, isNumberByte(json[index]) { index += 1 }
      give(UnsafeBufferPointer(rebasing: json[start..<index]))
    } else {
      index += 1
    }
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func isNumberByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte == 0x65 || byte == 0x45
}

/// A JSON text without its escapes; characters written as `\uXXXX` are read one by one.
private func unescaped(json text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  var plain: [UInt8] = []
  plain.reserveCapacity(text.count)
  var units: [UInt16] = []
  func flush() {
    if units.isEmpty { return }
    plain.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    units.removeAll(keepingCapacity: true)
  }
  var index = 0
  while index < text.count {
    guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else {
      flush()
      plain.append(text[index])
      index += 1
      continue
    }
    let byte = text[index + 1]
    index += 2
    if byte == UInt8(ascii: "u"), index + 4 <= text.count,
      let unit = UInt16(String(decoding: text[index..<index + 4], as: UTF8.self), radix: 16)
    {
      units.append(unit)
      index += 4
      continue
    }
    flush()
    switch byte {
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "b"), UInt8(ascii: "f"): plain.append(0x20)
    default: plain.append(byte)
    }
  }
  flush()
  return plain
}
