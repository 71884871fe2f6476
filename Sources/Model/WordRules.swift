/// What words of names, descriptions and other texts say about an action; read from the vocabulary.
package struct WordRules: Sendable {
  /// A kind of verb, for example all that delete.
  package struct VerbClass: Sendable {
    package var name: String
    package var level: Level

    /// A kind of verb.
    package init(name: String, level: Level) {
      self.name = name
      self.level = level
    }
  }

  /// Capabilities that a kind of verb has with some objects.
  package struct Rule: Sendable {
    /// Indices of verb classes; empty is any. `WordRules.noVerb` is a name without a verb.
    package var verbs: [Int]
    package var needsObject: Bool
    package var needsCompanion: Bool
    package var capabilities: [String]
    package var level: Level?

    /// A rule; its words are added with it.
    package init(
      verbs: [Int], needsObject: Bool, needsCompanion: Bool, capabilities: [String], level: Level?
    ) {
      self.verbs = verbs
      self.needsObject = needsObject
      self.needsCompanion = needsCompanion
      self.capabilities = capabilities
      self.level = level
    }
  }

  /// What a rule asks of a word or a phrase.
  package enum Part: Sendable { case object, companion, exception }

  /// What the words say.
  package struct Reading: Equatable {
    package var level: Level
    package var capabilities: [String]

    /// A reading.
    package init(level: Level, capabilities: [String]) {
      self.level = level
      self.capabilities = capabilities
    }
  }

  /// Stands in `Rule.verbs` for a name without a verb.
  package static let noVerb = -1

  package private(set) var classes: [VerbClass] = []
  package private(set) var rules: [Rule] = []
  /// The level of each capability, for rules that find no verb.
  package var capabilityLevels: [String: Level] = [:]
  private var classOfVerb: [String: Int] = [:]
  /// Words that are more often nouns: verbs only at an end of a name without another verb.
  private var classOfWeakVerb: [String: Int] = [:]
  private var phrases: [String: [Phrase]] = [:]

  private struct Phrase: Sendable {
    var rest: [String]
    var rule: Int
    var part: Part
  }

  /// No words: nothing says anything.
  package init() {}

  /// Adds a kind of verb; returns the words that another kind already has.
  package mutating func add(_ verbs: VerbClass, words: [String], weak: [String]) -> [String] {
    var taken: [String] = []
    for (word, isWeak) in words.map({ ($0, false) }) + weak.map({ ($0, true) }) {
      let key = NameWords.singular(word.lowercased())
      if classOfVerb[key] != nil || classOfWeakVerb[key] != nil {
        taken.append(word)
      } else if isWeak {
        classOfWeakVerb[key] = classes.count
      } else {
        classOfVerb[key] = classes.count
      }
    }
    classes.append(verbs)
    return taken
  }

  /// Adds a rule and the words and phrases (`bank details`) of its parts.
  package mutating func add(_ rule: Rule, parts: [(part: Part, phrases: [String])]) {
    for (part, texts) in parts {
      for text in texts {
        let words = NameWords.words(ArraySlice(Array(text.utf8)))
        guard let first = words.first else { continue }
        phrases[first, default: []].append(
          Phrase(rest: Array(words.dropFirst()), rule: rules.count, part: part))
      }
    }
    rules.append(rule)
  }

  /// The reading of a name; nil when no word says anything.
  package func reading(ofName name: NameWords) -> Reading? {
    reading(words: name.all, verbs: verbs(of: name))
  }

  /// The reading of a sentence, whose verb stands near its beginning.
  package func reading(ofSentence sentence: NameWords) -> Reading? {
    let start = Array(sentence.own.prefix(WordRules.verbWithinWords))
    guard let first = start.firstIndex(where: { classOfVerb[$0] != nil }) else {
      return reading(words: sentence.own, verbs: [])
    }
    return reading(words: sentence.own, verbs: verbs(in: Array(sentence.own[first...])))
  }

  private static let verbWithinWords = 6
  private static let joints: Set<String> = ["and", "or", "then"]

  /// The verb of a name: its first word, else its last, else any; and those joined by `and`.
  private func verbs(in words: [String]) -> [Int] {
    guard let first = words.first, let last = words.last else { return [] }
    var verbs: [Int] = []
    if let verb = classOfVerb[first] {
      verbs = [verb]
    } else if let verb = classOfVerb[last] {
      verbs = [verb]
    } else {
      verbs = anyVerb(in: words)
    }
    if verbs.isEmpty { verbs = weakVerb(first, last) }
    for index in words.indices.dropFirst() where WordRules.joints.contains(words[index - 1]) {
      if let verb = classOfVerb[words[index]], !verbs.contains(verb) { verbs.append(verb) }
    }
    return verbs
  }

  /// Of two words that may each be verb or noun, the one that would change less is the verb:
  /// `search_order` and `order_search` both search.
  private func weakVerb(_ first: String, _ last: String) -> [Int] {
    guard let one = classOfWeakVerb[first] ?? classOfWeakVerb[last] else { return [] }
    guard let other = classOfWeakVerb[last] else { return [one] }
    return strength(classes[other].level) < strength(classes[one].level) ? [other] : [one]
  }

  private func anyVerb(in words: [String]) -> [Int] {
    for word in words {
      if let verb = classOfVerb[word] { return [verb] }
    }
    return []
  }

  /// The kind of verb that a word is, also one that is a noun as often.
  func verb(_ word: String) -> Int? { classOfVerb[word] ?? classOfWeakVerb[word] }

  /// The kinds of verb of a name; of its system where the name itself has none.
  func verbs(of name: NameWords) -> [Int] {
    let own = verbs(in: name.own)
    return own.isEmpty ? anyVerb(in: name.system) : own
  }

  /// The kinds of verb of a sentence that begins with one, and of those joined to it.
  func verbs(ofOrder words: [String]) -> [Int] {
    guard let first = words.first.flatMap({ verb($0) }) else { return [] }
    var verbs = [first]
    for index in words.indices.dropFirst() where WordRules.joints.contains(words[index - 1]) {
      if let verb = classOfVerb[words[index]], !verbs.contains(verb) { verbs.append(verb) }
    }
    return verbs
  }

  /// What words with these verbs say.
  ///
  /// - Parameter isGenerous: Also what a rule's exceptions rule out: all that may be meant.
  func reading(words: [String], verbs: [Int], isGenerous: Bool = false) -> Reading? {
    var hits: [Int: Set<Part>] = [:]
    for index in words.indices {
      for phrase in phrases[words[index]] ?? []
      where words[(index + 1)...].starts(with: phrase.rest) {
        hits[phrase.rule, default: []].insert(phrase.part)
      }
    }
    var level: Level?
    for verb in verbs { level = stronger(level, classes[verb].level) }
    var capabilities: Set<String> = []
    for (index, rule) in rules.enumerated() {
      let parts = hits[index] ?? []
      let isOfVerb =
        rule.verbs.isEmpty || rule.verbs.contains { verbs.contains($0) }
        || (verbs.isEmpty && rule.verbs.contains(WordRules.noVerb))
      guard isOfVerb, isGenerous || !parts.contains(.exception),
        !rule.needsObject || parts.contains(.object),
        !rule.needsCompanion || parts.contains(.companion)
      else { continue }
      capabilities.formUnion(rule.capabilities)
      if let stated = rule.level { level = stronger(level, stated) }
    }
    if verbs.isEmpty {
      for capability in capabilities { level = stronger(level, capabilityLevels[capability]) }
    }
    guard let level else { return nil }
    return Reading(level: level, capabilities: WordRules.mostExact(capabilities))
  }

  /// Sorted, without those that another one says more exactly: `data.read` by
  /// `data.read.sensitive`.
  package static func mostExact(_ capabilities: Set<String>) -> [String] {
    capabilities.filter { one in !capabilities.contains { $0.hasPrefix("\(one).") } }.sorted()
  }
}

/// The level that can change more; one that is unknown is weighed as Write.
package func stronger(_ left: Level?, _ right: Level?) -> Level? {
  guard let left, let right else { return left ?? right }
  return strength(left) >= strength(right) ? left : right
}

private func strength(_ level: Level) -> Int {
  switch level {
  case .list: return 0
  case .read: return 1
  case .tagging: return 2
  case .unknown: return 3
  case .write: return 4
  case .permissionsManagement: return 5
  }
}
