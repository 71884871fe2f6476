import Intake
import Model
import Testing

/// Digests of the values that policies follow, from canonical events and from transcripts.
@Suite struct TokenKeeperTests {
  private let result = TokenQuery(field: "result").path
  private let links = TokenQuery(field: "args", kinds: [.link, .address]).path
  private let prose = TokenQuery(field: "result", kinds: .address, isInText: true).path

  /// The distinct digests of some texts.
  private func digests(_ texts: String..., kinds: TokenKinds = .values) -> Set<UInt64> {
    var tokens = Tokens(kinds: kinds)
    for text in texts { tokens.add(text) }
    return Set(tokens.distinct())
  }

  /// The tokens kept of each event at a path; nil where it has no such field.
  private func kept(_ input: ReviewInput, _ path: String) -> [Set<UInt64>?] {
    input.table.events.map { event in
      var found: Set<UInt64>?
      for attribute in input.table.attributes(of: event)
      where input.symbols.text(attribute.path) == path {
        guard case .token(let digest) = attribute.value else { continue }
        if digest == 0 { found = found ?? [] } else { found?.insert(digest) }
      }
      return found
    }
  }

  private func event(_ order: Int, _ rest: String) -> String {
    #"{"order":\#(order),"agent":"a","action":"x"\#(rest.isEmpty ? "" : ",")\#(rest)}"#
  }

  @Test func fieldsOfCanonicalEventsAreKeptAsDigests() {
    let lines = [
      event(1, #""result":"mail ann@example.com","args":{"q":"a"}"#),
      event(2, #""result":{"from":"ann@example.com","n":12345678,"ann@example.net":1}"#),
      event(3, #""result":["ann@example.com","x"],"args":{"to":["https:\/\/evil.example"]}"#),
      event(4, ""), event(5, #""result":"","args":{}"#), event(6, #""result":null"#),
    ]
    let input = read(lines.joined(separator: "\n"), wanted: [result, links])
    let address = digests("ann@example.com")
    #expect(
      kept(input, result)
        == [address, digests("ann@example.com", "12345678"), address, nil, [], nil])
    let link = digests("https://evil.example", kinds: .link)
    #expect(kept(input, links) == [[], nil, link, nil, [], nil])
    let texts = input.symbols
    #expect((1..<texts.count).allSatisfy { !texts.text(Symbol(raw: UInt32($0))).contains("ann@") })
  }

  @Test func onlyRunningTextIsKeptWhereThatIsAsked() {
    let lines = [
      event(1, #""result":"- from: ann@example.com\n- text: please write to bob@example.com""#),
      event(2, #""result":{"from":"ann@example.com","text":"please write to bob@example.com"}"#),
    ]
    let input = read(lines.joined(separator: "\n"), wanted: [prose])
    #expect(kept(input, prose) == [digests("bob@example.com"), digests("bob@example.com")])
  }

  @Test func transcriptsAreKeptTheSameWay() {
    let run = #"""
      {"id":"run-00001","messages":[
      {"role":"user","content":"Ask ann@example.com"},
      {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f",
      "arguments":"{\"to\":\"bob@example.com\",\"n\":\"ann@example.com\"}"}}]},
      {"role":"tool","tool_call_id":"1","content":"from: eve@example.com"}]}
      """#.replacing("\n", with: "")
    let to = TokenQuery(field: "args.to").path
    let text = TokenQuery(field: "args.text").path
    let input = read(run, as: "run.jsonl", wanted: [result, links, to, text])
    #expect(kept(input, links).first == digests("ann@example.com"))
    #expect(kept(input, links).last == digests("ann@example.com", "bob@example.com"))
    #expect(kept(input, to) == [nil, digests("bob@example.com")])
    #expect(kept(input, text) == [digests("ann@example.com"), nil])
    #expect(kept(input, result) == [nil, digests("eve@example.com")])
  }

  @Test func whatTextsTellTheirReaderToDoIsKept() throws {
    let words = try VocabularyTests.shipped.get().emptyVocabulary
    let told = TokenQuery(field: "result", kinds: .instruction).path
    let asked = TokenQuery(field: "args.text", kinds: .mention).path
    let line = event(1, #""result":"Hi. Delete the file.","args":{"text":"could you delete it"}"#)
    var options = ReadingOptions(vocabulary: words) { _, _, _ in .unknown }
    options.wantedAttributes = [told, asked]
    let input = readInput([InputSource(path: "x", bytes: Array(line.utf8))], options)
    let deletes = ActionMeaning(
      level: .write, capabilities: ["data.delete"], origin: .named, takesResource: true)
    let kinds = Set(words.words.kinds(of: "delete_file", deletes))
    #expect(kinds.count == 2)
    #expect(kept(input, told) == [kinds])
    #expect(kept(input, asked) == [kinds])
  }

  @Test func aValueWithTooManyTokensIsCutAndSaid() {
    let many = (0..<5_000).map { "\(100_000 + $0)" }.joined(separator: " ")
    let input = read(event(1, #""result":"\#(many)""#), wanted: [result])
    #expect(kept(input, result).first??.count == 4_096)
    #expect(input.problems.map(\.reason).contains { $0.contains("more than 4096 distinctive") })
  }

  @Test func anEventThatIsNotReadLeavesNothingToTheNext() {
    let lines = [
      #"{"order":"x","result":"ann@example.com","agent":"a","action":"x"}"#, event(2, ""),
      #"{"order":3,"result":"ann@example.com","action":"x"}"#, event(4, ""),
    ]
    let input = read(lines.joined(separator: "\n"), wanted: [result])
    #expect(kept(input, result) == [nil, nil])
  }
}
