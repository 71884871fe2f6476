/// The distinctive tokens of texts, as digests: what makes it likely that a value of one text came
/// from another.
///
/// Tokens, after lower-casing: e-mail addresses, URLs and hosts, IBANs, ARNs, numbers of 6 or more
/// digits, mixed identifiers of 8 or more characters, and each run of 5 words. Equal tokens have
/// equal digests wherever they were written; a digest is never 0.
package struct Tokens: Sendable {
  /// The digests in the order found, with repetitions.
  package var digests: [UInt64] { found.digests }
  private var found: TokensFound
  /// Only tokens in running text.
  private let isInText: Bool
  /// The text in lower case, where it was not already.
  private var folded: [UInt8] = []

  /// Words that a shingle spans.
  package static let shingleWords = 5
  /// Digits that make a number distinctive.
  package static let digitsMin = 6
  /// Characters that make a mix of letters and digits distinctive.
  package static let identifierMin = 8

  /// The most words that a field's line has beside its name and its values.
  package static let fieldWordsMax = 2

  /// No tokens yet.
  ///
  /// - Parameters:
  ///   - kinds: The kinds wanted, of `TokenKinds.values`.
  ///   - isInText: Only tokens in running text, on a line with more than `fieldWordsMax` words beside
  ///     the name of a field and the values themselves. `from: a@b.example` is what a system says; an
  ///     address in the middle of a sentence is what somebody wrote.
  package init(kinds: TokenKinds = .values, isInText: Bool = false) {
    found = TokensFound(kinds: kinds)
    self.isInText = isInText
  }

  /// Adds the tokens of a text.
  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  /// Adds the tokens of UTF-8 bytes; bytes that are not UTF-8 stand for themselves.
  package mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    if text.contains(UInt8(ascii: "\\")) {
      unescaped(text).withUnsafeBufferPointer { addPlain($0) }
    } else {
      addPlain(text)
    }
  }

  private mutating func addPlain(_ text: UnsafeBufferPointer<UInt8>) {
    if text.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) {
      scan(text)
      return
    }
    fold(text)
    // Taken out while it is read: what is found is written meanwhile.
    let bytes = folded
    folded = []
    bytes.withUnsafeBufferPointer { scan($0) }
    folded = bytes
  }

  private mutating func scan(_ text: UnsafeBufferPointer<UInt8>) {
    guard isInText else {
      TokenScan(text).run(&found)
      return
    }
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[start..<end])
      let before = found.digests.count
      found.spans.removeAll(keepingCapacity: true)
      TokenScan(line).run(&found)
      if found.digests.count > before, !isRunningText(line, beside: found.spans) {
        found.digests.removeLast(found.digests.count - before)
      }
      start = end + 1
    }
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
  package mutating func removeAll() { found.digests.removeAll(keepingCapacity: true) }

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

/// What a walk has found.
private struct TokensFound {
  let kinds: TokenKinds
  var digests: [UInt64] = []
  /// Where the values found last lie.
  var spans: [Range<Int>] = []

  init(kinds: TokenKinds) { self.kinds = kinds }

  mutating func add(_ kind: TokenKinds, _ digest: UInt64, _ start: Int, _ end: Int) {
    guard !kinds.isDisjoint(with: kind) else { return }
    digests.append(digest)
    spans.append(start..<end)
  }
}

/// Whether a line has more words than a field would, its name and the values in it left out.
private func isRunningText(
  _ line: UnsafeBufferPointer<UInt8>, beside values: [Range<Int>]
) -> Bool {
  func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || byte >= 0x80 }
  var index = nameEnd(of: line)
  var words = 0
  while index < line.count {
    guard isLetter(line[index]) else {
      index += 1
      continue
    }
    let start = index
    while index < line.count, isLetter(line[index]) || line[index] == 0x27 { index += 1 }
    if index - start >= 2, !values.contains(where: { $0.contains(start) }) { words += 1 }
  }
  return words > Tokens.fieldWordsMax
}

/// Where the name of a field ends that begins a line (`- from: `, `"to": `, `amount = `); 0 where
/// there is none.
private func nameEnd(of line: UnsafeBufferPointer<UInt8>) -> Int {
  let nameMax = 40
  var index = 0
  func at(_ index: Int) -> UInt8 { index < line.count ? line[index] : 0 }
  while at(index) <= 0x20 || at(index) == 0x2D || at(index) == 0x2A, index < line.count {
    index += 1
  }
  let start = index
  while index < line.count, index - start < nameMax {
    switch line[index] {
    case 0x3A, 0x3D: return at(index + 1) <= 0x20 ? index + 1 : 0
    case 0x20, 0x22, 0x27, 0x2D, 0x2E, 0x30...0x39, 0x5F, 0x61...0x7A, 0x80...0xFF: index += 1
    default: return 0
    }
  }
  return 0
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

  func run(_ found: inout TokensFound) {
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
        if let shingle = words.end(&word) { found.add(.phrase, shingle, 0, 0) }
        guard kind == .gap else { continue }
        chunk(start, index, &found)
        start = index + 1
      }
      if let shingle = words.end(&word) { found.add(.phrase, shingle, 0, 0) }
      chunk(start, text.count, &found)
    }
  }

  /// A run without gaps: an address, an identifier, or several joined by signs.
  private func chunk(_ start: Int, _ end: Int, _ found: inout TokensFound) {
    guard end - start >= 4 else { return }
    if end - start == 4 {
      if let (grouped, end) = groupedAccount(start) { found.add(.account, grouped, start, end) }
      return
    }
    let (low, high) = trimmed(start, end)
    guard high - low >= 5 else { return }
    if let scheme = find("://", low, high), scheme > low {
      found.add(.link, digest(low, high), low, high)
      address(scheme + 3, high, &found)
      return
    }
    if starts(low, high, "arn:"), text[low..<high].count(where: { $0 == 0x3A }) >= 5 {
      found.add(.resource, digest(low, high), low, high)
      return
    }
    segments(low, high, &found)
  }

  /// What follows the scheme of a URL: its host, then the parts of its path and query.
  private func address(_ start: Int, _ end: Int, _ found: inout TokensFound) {
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
    if high > low { found.add(.link, digest(low, high), low, high) }
    segments(high, end, &found)
  }

  /// The parts between the signs that join different things.
  private func segments(_ start: Int, _ end: Int, _ found: inout TokensFound) {
    var low = start
    for index in start...end where index == end || isSign(text[index]) {
      item(low, index, &found)
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
  private func item(_ start: Int, _ end: Int, _ found: inout TokensFound) {
    var low = start
    while let at = find("@", low, end) {
      let (first, last) = trimmed(low, end)
      if at > first, isHost(at + 1, last) {
        found.add(.address, digest(first, last), first, last)
        return
      }
      plain(low, at, &found)
      low = at + 1
    }
    plain(low, end, &found)
  }

  private func plain(_ start: Int, _ end: Int, _ found: inout TokensFound) {
    let (low, high) = trimmed(start, end)
    guard high - low >= 5 else { return }
    if isAccount(low, high) {
      found.add(.account, digest(low, high), low, high)
      return
    }
    if isHost(low, high) {
      found.add(.link, digest(low, high), low, high)
      return
    }
    if isIdentifier(low, high) { found.add(.identifier, digest(low, high), low, high) }
    numbers(low, high, &found)
  }

  /// The runs of digits that are long enough.
  private func numbers(_ start: Int, _ end: Int, _ found: inout TokensFound) {
    var low = start
    for index in start...end where index == end || !isDigit(text[index]) {
      if index - low >= Tokens.digitsMin { found.add(.number, digest(low, index), low, index) }
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
  private func groupedAccount(_ start: Int) -> (digest: UInt64, end: Int)? {
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
    return (digest.value, end)
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
