/// The distinctive tokens of texts, as digests: what makes it likely that a value of one text came
/// from another.
///
/// Tokens, after lower-casing: e-mail addresses, URLs and hosts, IBANs, ARNs, numbers of 6 or more
/// digits, mixed identifiers of 8 or more characters, and each run of 5 words. Equal tokens have
/// equal digests wherever they were written; a digest is never 0.
package struct Tokens: Sendable {
  /// The digests in the order found, with repetitions.
  package private(set) var digests: [UInt64] = []
  /// The text in lower case, where it was not already.
  private var folded: [UInt8] = []

  /// Words that a shingle spans.
  package static let shingleWords = 5
  /// Digits that make a number distinctive.
  package static let digitsMin = 6
  /// Characters that make a mix of letters and digits distinctive.
  package static let identifierMin = 8

  /// No tokens.
  package init() {}

  /// Adds the tokens of a text.
  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  /// Adds the tokens of UTF-8 bytes; bytes that are not UTF-8 stand for themselves.
  package mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    if text.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) {
      TokenScan(text).run(&digests)
      return
    }
    fold(text)
    // Taken out while it is read: `digests` is written meanwhile.
    let bytes = folded
    folded = []
    bytes.withUnsafeBufferPointer { TokenScan($0).run(&digests) }
    folded = bytes
  }

  /// The digests, each once, rising.
  package func distinct() -> [UInt64] {
    var last: UInt64 = 0
    var kept: [UInt64] = []
    for digest in digests.sorted() where digest != last {
      kept.append(digest)
      last = digest
    }
    return kept
  }

  /// Forgets all digests and keeps the memory.
  package mutating func removeAll() { digests.removeAll(keepingCapacity: true) }

  /// Writes the text in lower case, full-width forms as plain ones, without invisible characters.
  private mutating func fold(_ text: UnsafeBufferPointer<UInt8>) {
    folded.removeAll(keepingCapacity: true)
    if text.allSatisfy({ $0 < 0x80 }) {
      for byte in text { folded.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
      return
    }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x41...0x5A: folded.append(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
      case 0..<0x80: folded.append(UInt8(truncatingIfNeeded: scalar.value))
      case 0xAD, 0x200B...0x200F, 0x2060, 0xFEFF: break
      case 0xA0, 0x2000...0x200A, 0x202F, 0x3000: folded.append(0x20)
      case 0xFF01...0xFF5E:
        let plain = UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)
        folded.append((0x41...0x5A).contains(plain) ? plain | 0x20 : plain)
      default: folded.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      }
    }
  }
}

/// One walk over a folded text.
private struct TokenScan {
  private let text: UnsafeBufferPointer<UInt8>

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// What a byte is to a token.
  private enum Kind: UInt8 {
    /// Ends every token.
    case gap
    case letter
    case digit
    /// Joins the parts of addresses and identifiers.
    case joint
  }

  private static let kinds: [Kind] = (0..<256).map { byte in
    switch UInt8(byte) {
    case 0x61...0x7A, 0x80...0xFF: return .letter
    case 0x30...0x39: return .digit
    case 0x21, 0x23, 0x24, 0x25, 0x26, 0x2A, 0x2B, 0x2D, 0x2E, 0x2F, 0x3A, 0x3D, 0x3F, 0x40, 0x5F,
      0x7E:
      return .joint
    default: return .gap
    }
  }

  func run(_ digests: inout [UInt64]) {
    Self.kinds.withUnsafeBufferPointer { kinds in
      var words = Shingle()
      var word = Digest()
      var start = 0
      for index in 0..<text.count {
        let byte = text[index]
        let kind = kinds[Int(byte)]
        if kind == .letter || kind == .digit {
          word.add(byte)
          continue
        }
        if let shingle = words.end(&word) { digests.append(shingle) }
        guard kind == .gap else { continue }
        chunk(start, index, &digests)
        start = index + 1
      }
      if let shingle = words.end(&word) { digests.append(shingle) }
      chunk(start, text.count, &digests)
    }
  }

  /// A run without gaps: an address, an identifier, or several joined by signs.
  private func chunk(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    guard end - start >= 4 else { return }
    if end - start == 4 {
      if let grouped = groupedAccount(start) { digests.append(grouped) }
      return
    }
    let (low, high) = trimmed(start, end)
    guard high - low >= 5 else { return }
    if let scheme = find("://", low, high), scheme > low {
      digests.append(digest(low, high))
      address(scheme + 3, high, &digests)
      return
    }
    if starts(low, high, "arn:"), text[low..<high].count(where: { $0 == 0x3A }) >= 5 {
      digests.append(digest(low, high))
      return
    }
    segments(low, high, &digests)
  }

  /// What follows the scheme of a URL: its host, then the parts of its path and query.
  private func address(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    var low = start
    var high = start
    scan: while high < end {
      switch text[high] {
      case 0x2F, 0x3A, 0x3F, 0x23: break scan
      case 0x40: low = high + 1
      default: break
      }
      high += 1
    }
    if high > low { digests.append(digest(low, high)) }
    segments(high, end, &digests)
  }

  /// The parts between the signs that join different things.
  private func segments(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    var low = start
    for index in start...end where index == end || isSign(text[index]) {
      item(low, index, &digests)
      low = index + 1
    }
  }

  /// A sign that joins different things: not those inside of addresses and identifiers.
  private func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2D, 0x2E, 0x40, 0x5F: return false
    default: return Self.kinds[Int(byte)] == .joint
    }
  }

  /// An e-mail address, or what stands around its signs.
  private func item(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    var low = start
    while let at = find("@", low, end) {
      let (first, last) = trimmed(low, end)
      if at > first, isHost(at + 1, last) {
        digests.append(digest(first, last))
        return
      }
      plain(low, at, &digests)
      low = at + 1
    }
    plain(low, end, &digests)
  }

  private func plain(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    let (low, high) = trimmed(start, end)
    guard high - low >= 5 else { return }
    if isAccount(low, high) || isHost(low, high) {
      digests.append(digest(low, high))
      return
    }
    if isIdentifier(low, high) { digests.append(digest(low, high)) }
    numbers(low, high, &digests)
  }

  /// The runs of digits that are long enough.
  private func numbers(_ start: Int, _ end: Int, _ digests: inout [UInt64]) {
    var low = start
    for index in start...end where index == end || !isDigit(text[index]) {
      if index - low >= Tokens.digitsMin { digests.append(digest(low, index)) }
      low = index + 1
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  /// Without the signs at both ends, which belong to the sentence.
  private func trimmed(_ start: Int, _ end: Int) -> (Int, Int) {
    var low = start
    var high = end
    while low < high, Self.kinds[Int(text[low])] == .joint { low += 1 }
    while low < high, Self.kinds[Int(text[high - 1])] == .joint { high -= 1 }
    return (low, high)
  }

  private func find(_ wanted: StaticString, _ start: Int, _ end: Int) -> Int? {
    let count = wanted.utf8CodeUnitCount
    guard end - start >= count else { return nil }
    for index in start...end - count {
      if starts(index, end, wanted) { return index }
    }
    return nil
  }

  private func starts(_ start: Int, _ end: Int, _ wanted: StaticString) -> Bool {
    guard end - start >= wanted.utf8CodeUnitCount else { return false }
    for offset in 0..<wanted.utf8CodeUnitCount
    where text[start + offset] != wanted.utf8Start[offset] { return false }
    return true
  }

  /// Labels joined by dots, the last of letters; or four numbers joined by dots.
  private func isHost(_ start: Int, _ end: Int) -> Bool {
    guard end - start >= 4 else { return false }
    var labels = 0
    var low = start
    var digitLabels = 0
    var isLastLetters = false
    for index in start...end {
      if index < end, text[index] != 0x2E {
        let byte = text[index]
        guard isLetter(byte) || isDigit(byte) || byte == 0x2D || byte >= 0x80 else { return false }
        continue
      }
      guard index > low, index - low <= 63 else { return false }
      let label = text[low..<index]
      if label.allSatisfy(isDigit), label.count <= 3 { digitLabels += 1 }
      isLastLetters = label.count >= 2 && label.allSatisfy { isLetter($0) || $0 >= 0x80 }
      labels += 1
      low = index + 1
    }
    return labels >= 2 && isLastLetters && end - start >= 6 || labels == 4 && digitLabels == 4
  }

  /// Letters and digits mixed, and no date.
  private func isIdentifier(_ start: Int, _ end: Int) -> Bool {
    guard end - start >= Tokens.identifierMin else { return false }
    var digits = 0
    var letters = 0
    for byte in text[start..<end] {
      if isDigit(byte) {
        digits += 1
      } else if isLetter(byte) {
        letters += 1
      } else if byte != 0x2D && byte != 0x5F {
        return false
      }
    }
    return digits > 0 && letters > 0 && !isDate(start, end)
  }

  /// Whether it begins like 2026-01-31.
  private func isDate(_ start: Int, _ end: Int) -> Bool {
    guard end - start >= 10, text[start + 4] == 0x2D, text[start + 7] == 0x2D else { return false }
    return [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { isDigit(text[start + $0]) }
  }

  /// An IBAN: two letters, two digits, 11 to 30 letters or digits, most of them digits.
  private func isAccount(_ start: Int, _ end: Int) -> Bool {
    guard (15...34).contains(end - start), isAccountStart(start) else { return false }
    var digits = 0
    for byte in text[start..<end] {
      guard isDigit(byte) || isLetter(byte) else { return false }
      if isDigit(byte) { digits += 1 }
    }
    return digits * 2 > end - start
  }

  private func isAccountStart(_ start: Int) -> Bool {
    isLetter(text[start]) && isLetter(text[start + 1]) && isDigit(text[start + 2])
      && isDigit(text[start + 3])
  }

  /// An IBAN in groups of four with single blanks between; nil for anything else.
  private func groupedAccount(_ start: Int) -> UInt64? {
    guard isAccountStart(start) else { return nil }
    var digest = Digest()
    var count = 0
    var group = 0
    var index = start
    var end = start
    while index < text.count, count < 34 {
      let byte = text[index]
      if byte == 0x20 {
        guard group == 4 else { break }
        group = 0
      } else {
        guard isDigit(byte) || isLetter(byte), group < 4 else { break }
        group += 1
        count += 1
        digest.add(byte)
        end = index + 1
      }
      index += 1
    }
    guard count >= 15, end == text.count || Self.kinds[Int(text[end])] != .letter else {
      return nil
    }
    return digest.value
  }

  private func digest(_ start: Int, _ end: Int) -> UInt64 {
    var digest = Digest()
    for byte in text[start..<end] { digest.add(byte) }
    return digest.value
  }
}

/// A running digest of bytes (FNV-1a, then mixed).
private struct Digest {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var count = 0

  mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    count += 1
  }

  var value: UInt64 { Digest.mixed(state) }

  /// Never 0, which stands for "the field is there".
  static func mixed(_ state: UInt64) -> UInt64 {
    var value = state
    value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
    value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 32
    return value == 0 ? 1 : value
  }
}

/// The last words of a text.
private struct Shingle {
  private var words: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
  private var count = 0

  /// Ends a word; the digest of the last five where there are as many.
  mutating func end(_ word: inout Digest) -> UInt64? {
    guard word.count > 0 else { return nil }
    words = (words.1, words.2, words.3, words.4, word.value)
    word = Digest()
    count += 1
    guard count >= Tokens.shingleWords else { return nil }
    var state = Digest.mixed(words.0 ^ 0x9E37_79B9_7F4A_7C15)
    state = Digest.mixed(state &* 0x100_0000_01B3 ^ words.1)
    state = Digest.mixed(state &* 0x100_0000_01B3 ^ words.2)
    state = Digest.mixed(state &* 0x100_0000_01B3 ^ words.3)
    return Digest.mixed(state &* 0x100_0000_01B3 ^ words.4)
  }
}
