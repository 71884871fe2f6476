import Model
import Testing

@Suite struct SymbolsTests {
  @Test func equalTextsAreEqualSymbols() {
    var symbols = Symbols()
    let first = symbols.intern("role/ops")
    #expect(symbols.intern("role/ops") == first)
    #expect(symbols.lookup("role/ops") == first)
    #expect(symbols.lookup("role/op") == nil)
    #expect(symbols.text(first) == "role/ops")
  }

  @Test func anEmptyTextIsNotAbsent() {
    var symbols = Symbols()
    #expect(symbols.intern("").isPresent)
    #expect(symbols.textIfPresent(.absent) == nil)
  }

  @Test func surviveGrowth() {
    var symbols = Symbols()
    let all = (0..<20_000).map { symbols.intern("symbol \($0) ü") }
    for (number, symbol) in all.enumerated() {
      #expect(symbols.text(symbol) == "symbol \(number) ü")
    }
    #expect(symbols.count == 20_001)
    for (number, symbol) in all.enumerated() {
      #expect(symbols.lookup("symbol \(number) ü") == symbol)
    }
  }

  /// Every length around the eight bytes that are compared at once, differing in every place.
  @Test func textsThatDifferInOneByteAreDifferent() {
    var symbols = Symbols()
    var seen: Set<Symbol> = []
    var count = 0
    for length in 0...25 {
      let plain = [UInt8](repeating: UInt8(ascii: "a"), count: length)
      var texts = [plain]
      for place in 0..<length {
        var text = plain
        text[place] = UInt8(ascii: "b")
        texts.append(text)
      }
      for text in texts {
        seen.insert(symbols.intern(String(decoding: text, as: UTF8.self)))
        count += 1
      }
    }
    #expect(seen.count == count)
    #expect(symbols.count == count + 1)
  }
}
