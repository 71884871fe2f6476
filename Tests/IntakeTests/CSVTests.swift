import Intake
import Model
import Testing

@Suite struct CSVTests {
  @Test func quotesAndLineEndsBelongToCells() throws {
    let input = read(
      "order,agent,action,args.a,args.b\r\n1,\"a \"\"b\"\"\",x,\"1,5\r\n6\",007\r\n2,c,y,1e3,true\r\n",
      wanted: ["args.a", "args.b"])
    let values = input.table.attributes.map(\.value)
    let symbols = input.symbols
    #expect(input.table.events.map { symbols.text($0.agent) } == ["a \"b\"", "c"])
    #expect(input.table.events.map(\.position.line) == [2, 4])
    #expect(
      values == [
        .text(try #require(symbols.lookup("1,5\n6"))), .text(try #require(symbols.lookup("007"))),
        .number(1_000), .bool(true),
      ])
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  @Test func aColumnGivenTwiceCountsOnce() {
    let input = read("agent,action,order,agent\na,x,1,b\n")
    #expect(input.table.events.map { input.symbols.text($0.agent) } == ["a"])
    #expect(input.problems.map(\.reason) == ["the column `agent` is there twice"])
  }

  @Test func columnsBeyondTheLimitAreNotRead() {
    let columns = (0..<5_000).map { "c\($0)" }.joined(separator: ",")
    let cells = (0..<5_000).map { "\($0)" }.joined(separator: ",")
    let input = read("agent,action,order,\(columns)\na,x,1,\(cells)\n", wanted: ["c10", "c4000"])
    #expect(input.table.events.count == 1)
    #expect(input.table.attributes.count == 1)
    #expect(input.problems.map(\.reason) == ["more than 1000 columns"])
  }

  @Test func listsBeyondTheLimitAreCut() {
    let numbers = (0..<70_000).map(String.init).joined(separator: ",")
    let input = read(
      #"{"order":1,"agent":"a","action":"x","args":{"n":[\#(numbers)]}}"#, wanted: ["args.n"])
    #expect(input.table.attributes.count == 65_535)
    #expect(input.problems.count == 1)
  }
}
