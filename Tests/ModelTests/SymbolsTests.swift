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
  }
}
