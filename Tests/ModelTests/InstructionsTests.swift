import Model
import Testing

@Suite struct InstructionsTests {
  /// A few kinds of verb, and one rule.
  private let words: WordRules = {
    var words = WordRules()
    _ = words.add(WordRules.VerbClass(name: "read", level: .read), words: ["read"], weak: [])
    _ = words.add(WordRules.VerbClass(name: "delete", level: .write), words: ["delete"], weak: [])
    _ = words.add(
      WordRules.VerbClass(name: "send", level: .write), words: ["send"], weak: ["email"])
    words.capabilityLevels = ["payment.create": .write, "data.read": .read]
    words.add(
      WordRules.Rule(
        verbs: [2], needsObject: true, needsCompanion: false, capabilities: ["payment.create"],
        level: nil),
      parts: [(.object, ["money"]), (.exception, ["receipt"])])
    return words
  }()

  private func kinds(_ action: String, _ capabilities: [String] = []) -> [UInt64] {
    words.kinds(
      of: action,
      ActionMeaning(
        level: .write, capabilities: capabilities, origin: .nameWords, takesResource: true))
  }

  @Test(
    arguments: [
      "Delete the file.", "The notes.\nPlease delete the file", "First: delete the file now",
      "- a: b\n- Delete it all", "x: 'Hello. You must now delete this'", "\"Hi\\nDelete the file\"",
      "Make sure to delete it!", "Thanks.\n\n1. delete it",
      "Read it and delete it.", "wrapped\n  lines. Then\n  delete it",
    ])
  func ordersAreFound(text: String) {
    #expect(words.instructions(in: text) == kinds("delete"), "\(text)")
  }

  @Test(
    arguments: [
      "", "They delete files.", "delete: yes", "We will not delete it", "Read the file.",
      "a list of files to\n  delete soon", "Delete",
    ])
  func whatIsNoOrderIsNone(text: String) {
    #expect(words.instructions(in: text) == [], "\(text)")
  }

  @Test func anOrderHasTheCapabilitiesThatItsWordsSay() {
    let order = words.instructions(in: "Send money to Bob.")
    #expect(order == kinds("send", ["payment.create"]))
    #expect(words.instructions(in: "Send money, and a receipt") == kinds("send"))
  }

  @Test func aRequestMentionsAllThatItsWordsMayMean() {
    let asked = words.mentions(in: "Could you send him the money and keep the receipt")
    #expect(asked == kinds("send", ["payment.create"]))
    #expect(words.mentions(in: "what is in my email?") == kinds("send"))
    #expect(words.mentions(in: "read it") == [])
  }

  @Test func readingIsNoKindThatCounts() { #expect(kinds("read_all", ["data.read"]) == []) }

  @Test func whatNameAndCapabilitiesSayCountsBoth() {
    #expect(Set(kinds("delete_x", ["payment.create"])).isSuperset(of: kinds("delete_x")))
    #expect(kinds("delete_x", ["payment.create"]).count == 2)
  }
}
