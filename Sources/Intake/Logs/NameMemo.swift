internal import Model

/// Names that are made from texts of records, such as actions: each is made once for a file, and
/// interned once for a piece.
struct NameMemo {
  private struct Entry {
    var name: String
    /// The piece in which `symbol` was interned.
    var piece = 0
    var symbol = Symbol.absent
  }

  private var texts = Symbols()
  private var entries: [Entry] = []
  private var piece = 1
  private let textsMax = 1 << 14

  /// Begins a piece, with symbols of its own.
  mutating func begin() {
    piece += 1
    guard entries.count > textsMax else { return }
    texts = Symbols()
    entries = []
  }

  /// The symbol of the name that a text stands for.
  mutating func symbol(
    of text: LogText, _ symbols: inout Symbols, make: (LogText) -> String
  ) -> Symbol {
    let number = Int(texts.intern(text).raw) - 1
    if number == entries.count { entries.append(Entry(name: make(text))) }
    if entries[number].piece != piece {
      entries[number].piece = piece
      entries[number].symbol = symbols.intern(entries[number].name)
    }
    return entries[number].symbol
  }
}
