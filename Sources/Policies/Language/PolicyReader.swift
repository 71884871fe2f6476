package import Documents
internal import Model

/// Reads the policies of one file: each YAML document is one policy.
///
/// - Parameters:
///   - themes: The closed list of themes.
///   - capabilities: The closed list of capability names; globs in policies must match one of them.
/// - Throws: every mistake of the file, in order of place, each with the nearest known word.
package func readPolicies(
  text: String, file: String, themes: Themes, capabilities: [String]
) throws(DocumentProblems) -> [Policy] {
  let documents: [Document]
  do {
    documents = try Document.all(text: text, file: file)
  } catch {
    throw DocumentProblems([error])
  }
  guard !documents.isEmpty else {
    throw DocumentProblems([
      DocumentProblem(
        file: file, line: 0, column: 0, reason: "the file holds no policy", sourceLine: nil)
    ])
  }
  var policies: [Policy] = []
  var problems: [DocumentProblem] = []
  for document in documents {
    var reader = PolicyReader(document: document, themes: themes, capabilities: capabilities)
    let policy = reader.read()
    if let policy, policies.contains(where: { $0.id == policy.id }) {
      reader.note(
        document.root["policy"]?.place ?? document.root.place,
        "policy `\(shown(policy.id))` is written twice in this file")
    }
    if let policy { policies.append(policy) }
    problems += reader.problems
  }
  guard problems.isEmpty else {
    throw DocumentProblems(problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
  }
  return policies
}

/// Reads one document and collects its mistakes.
struct PolicyReader {
  let document: Document
  let themes: Themes
  let capabilities: [String]
  var problems: [DocumentProblem] = []
  /// The registers bound so far, in order.
  var registers: [String] = []
  /// How many selectors the policy has so far; each is one bit of the engine's masks.
  var selectorCount = 0

  init(document: Document, themes: Themes, capabilities: [String]) {
    self.document = document
    self.themes = themes
    self.capabilities = capabilities
  }

  static let kinds = ["forbid", "limit", "require", "order", "scope"]
  static let keys = [
    "policy", "version", "title", "severity", "kind", "themes", "per", "delegation", "unless",
    "because", "falsePositives", "remedy", "examples",
  ]
  /// One bit each in the engine's masks of roles.
  static let selectorsMax = 32

  mutating func note(_ place: Place, _ reason: String) {
    problems.append(document.problem(place, reason))
  }

  /// The policy; nil when mistakes leave nothing to return.
  mutating func read() -> Policy? {
    let fields = Fields(
      document.root, of: document, what: "a policy", keys: Self.keys + Self.allKindKeys,
      problems: &problems)
    guard document.root.mapping != nil else { return nil }
    let id = fields.requiredText("policy", problems: &problems)
    if !id.isEmpty, !isIdentifier(id) {
      note(
        fields.node("policy")?.place ?? fields.place,
        "`policy` must be lower-case words joined by hyphens, not `\(shown(id))`")
    }
    readVersion(fields)
    let title = fields.requiredText("title", problems: &problems)
    let severityWord = requiredWord("severity", of: Severity.allCases.map(\.rawValue), fields)
    let kind = requiredWord("kind", of: Self.kinds, fields)
    let themeWords = readThemeWords(fields)
    var (key, delegation) = readKey(fields)
    if let node = fields.node("delegation") { delegation = readDelegation(node, key: key) }
    let within = duration("within", fields)
    let rule = readRule(kind: kind, fields)
    let excuse = fields.node("unless").flatMap { readExcuse($0, within: within) }
    let until = fields.node("until").map { readUntil($0) }
    if selectorCount > Self.selectorsMax {
      note(
        fields.place, "a policy has at most \(Self.selectorsMax) selectors, this \(selectorCount)")
    }
    let because = fields.requiredText("because", problems: &problems)
    let falsePositives = requiredTexts("falsePositives", fields)
    let remedy = fields.requiredText("remedy", problems: &problems)
    let examples = readExamples(fields)
    if key.isEmpty { key = [KeyPart(firstOf: [.event(.task)])] }
    guard let rule, let severity = Severity(rawValue: severityWord ?? "") else { return nil }
    var policy = Policy(
      id: id, version: 1, title: title, severity: severity, rule: rule, themes: themeWords,
      key: key, delegation: delegation, excuse: excuse, until: until, withinNanoseconds: within,
      because: because, falsePositives: falsePositives, remedy: remedy, examples: examples,
      file: document.file, line: document.root.place.line)
    policy.places = places(of: policy)
    let explaining = ["title", "because", "falsePositives", "remedy", "examples", "themes"]
    let judging = (document.root.mapping ?? []).filter { !explaining.contains($0.key) }
    policy.judgement = Node(content: .mapping(judging), place: document.root.place).canonicalText
    return policy
  }

  private mutating func readVersion(_ fields: Fields) {
    guard let node = fields.node("version") else {
      note(fields.place, "`version` is missing: this is version 1 of the language")
      return
    }
    if node.number != 1 {
      note(node.place, "`version` must be 1, the version of the language")
    }
  }

  private mutating func requiredWord(
    _ key: String, of words: [String], _ fields: Fields
  ) -> String? {
    if fields.node(key) == nil {
      note(fields.place, "`\(key)` is missing: one of \(words.joined(separator: ", "))")
      return nil
    }
    return fields.word(key, of: words, problems: &problems)
  }

  private mutating func requiredTexts(_ key: String, _ fields: Fields) -> [String] {
    let texts = fields.texts(key, problems: &problems)
    if fields.node(key) == nil || fields.node(key)?.sequence?.isEmpty == true {
      note(fields.node(key)?.place ?? fields.place, "`\(key)` is missing")
    }
    return texts
  }

  private mutating func readThemeWords(_ fields: Fields) -> [String] {
    let words = requiredTexts("themes", fields)
    let nodes = fields.node("themes")?.oneOrMany ?? []
    for (word, node) in zip(words, nodes) where !themes.ids.contains(word) {
      note(node.place, "unknown theme `\(shown(word))`\(didYouMean(word, among: themes.ids))")
    }
    return words.sorted()
  }

  /// A span of time that must be well-formed when it is there.
  mutating func duration(_ key: String, _ fields: Fields) -> Int64? {
    guard let node = fields.node(key) else { return nil }
    guard let text = node.text, let value = durationNanoseconds(text) else {
      let given = node.text.map { "`\(shown($0))`" } ?? node.kindWord
      note(node.place, "`\(key)` must be a span of time such as 30m, 24h or 7d, not \(given)")
      return nil
    }
    return value
  }
}
