internal import Documents
internal import Model

/// What an annotation of a tool says.
struct AnnotationRule: Sendable {
  /// An annotation and its value, without case; of a dotted name the last part counts.
  struct Stated: Sendable, Hashable {
    var name: String
    var value: String

    init(_ annotation: NamedValue) { self.init(annotation.name, annotation.value) }

    init(_ name: String, _ value: String) {
      self.name = (name.split(separator: ".").last.map { String($0) } ?? name).lowercased()
      self.value = value.lowercased()
    }
  }

  var stated: Stated
  /// Others that must be stated too.
  var with: [Stated]
  var level: Level
  var capabilities: [String]
}

/// Reads the vocabulary files and collects their mistakes.
struct VocabularyReader {
  private(set) var capabilities: [String] = []
  private(set) var version = ""
  private(set) var table = LevelTable()
  private(set) var named: [String: ActionMeaning] = [:]
  private(set) var patterns: [(pattern: Glob, meaning: ActionMeaning)] = []
  private(set) var annotationRules: [AnnotationRule] = []
  private(set) var words = WordRules()
  private(set) var problems: [DocumentProblem] = []

  private var capabilitiesOfRow: [Int: Set<String>] = [:]
  private var rowsWithoutResource: Set<Int> = []
  private var patternTexts: Set<String> = []

  init(files: [(name: String, text: String)]) {
    let files = files.sorted { $0.name < $1.name }
    let isList: (String) -> Bool = { VocabularyReader.lastPart($0) == "capabilities.yaml" }
    let lists = files.filter { isList($0.name) }
    if lists.isEmpty {
      problems.append(
        DocumentProblem(
          file: "capabilities.yaml", line: 0, column: 0, reason: "the file is missing",
          sourceLine: nil))
    }
    for file in lists { readCapabilities(file.text, file: file.name) }
    for file in files where file.name.hasSuffix("-levels.txt") {
      table.read(file.text, file: file.name, &problems)
    }
    table.finish(&problems)
    for file in files where file.name.hasSuffix(".yaml") && !isList(file.name) {
      readPlatform(file.text, file: file.name)
    }
  }

  /// Every action of the level tables with its meaning, in order of name without case.
  func catalogue() -> [CatalogueAction] {
    table.rows.indices.map { index in
      let row = table.rows[index]
      return CatalogueAction(
        name: row.name, platform: row.platform,
        meaning: ActionMeaning(
          level: row.level, capabilities: WordRules.mostExact(capabilitiesOfRow[index] ?? []),
          origin: .named, takesResource: !rowsWithoutResource.contains(index)))
    }
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }

  // The list of capabilities.

  private mutating func readCapabilities(_ text: String, file: String) {
    guard let document = document(text, file) else { return }
    let fields = Fields(
      document.root, of: document, what: "the list of capabilities",
      keys: ["version", "capabilities"], problems: &problems)
    version = fields.requiredText("version", problems: &problems)
    for entry in fields.node("capabilities")?.mapping ?? [] {
      let capability = Fields(
        entry.value, of: document, what: "a capability", keys: ["level", "means"],
        problems: &problems)
      _ = capability.requiredText("means", problems: &problems)
      let level = level(of: capability) ?? .unknown
      capabilities.append(entry.key)
      words.capabilityLevels[entry.key] = level
      named[entry.key.lowercased()] = ActionMeaning(
        level: level, capabilities: [entry.key], origin: .named, takesResource: true)
    }
    if capabilities.isEmpty {
      problems.append(document.problem(fields.place, "`capabilities` is missing"))
    }
    capabilities.sort()
  }

  // The other files.

  private mutating func readPlatform(_ text: String, file: String) {
    guard let document = document(text, file) else { return }
    let fields = Fields(
      document.root, of: document, what: "a vocabulary file",
      keys: ["actions", "takesNoResource", "tools", "annotations", "verbs", "rules"],
      problems: &problems)
    readActions(fields)
    readResources(fields)
    for node in elements("tools", of: fields) { readTools(node, document) }
    for node in elements("annotations", of: fields) { readAnnotation(node, document) }
    for entry in fields.node("verbs")?.mapping ?? [] { readVerbs(entry, document) }
    for node in elements("rules", of: fields) { readRule(node, document) }
  }

  /// Capability -> the actions of the level tables that have it.
  private mutating func readActions(_ fields: Fields) {
    let document = fields.document
    for entry in fields.node("actions")?.mapping ?? [] {
      checkCapability(entry.key, entry.keyPlace, document)
      var texts: Set<String> = []
      for node in entry.value.oneOrMany {
        guard let text = node.text else {
          problems.append(document.problem(node.place, "an action must be text"))
          continue
        }
        if !texts.insert(text.lowercased()).inserted {
          problems.append(document.problem(node.place, "`\(text)` is given twice"))
        }
        for index in rows(text, node.place, document) {
          capabilitiesOfRow[index, default: []].insert(entry.key)
        }
      }
    }
  }

  /// Which actions of the level tables cannot be limited to resources.
  private mutating func readResources(_ fields: Fields) {
    guard let node = fields.node("takesNoResource") else { return }
    let rule = Fields(
      node, of: fields.document, what: "`takesNoResource`", keys: ["levels", "actions", "except"],
      problems: &problems)
    let levels = Set(rule.texts("levels", problems: &problems))
    for word in levels.sorted() where Level(rawValue: word) == nil {
      problems.append(
        fields.document.problem(
          rule.place(of: "levels"),
          "unknown level `\(word)`\(didYouMean(word, among: Level.allCases.map(\.rawValue)))"))
    }
    for index in table.rows.indices where levels.contains(table.rows[index].level.rawValue) {
      rowsWithoutResource.insert(index)
    }
    for node in rule.node("actions")?.oneOrMany ?? [] {
      rowsWithoutResource.formUnion(rows(node.text ?? "", node.place, fields.document))
    }
    for node in rule.node("except")?.oneOrMany ?? [] {
      rowsWithoutResource.subtract(rows(node.text ?? "", node.place, fields.document))
    }
  }

  /// The rows of an action or a pattern; none is a mistake.
  private mutating func rows(_ text: String, _ place: Place, _ document: Document) -> [Int] {
    let rows = table.indices(covering: text)
    if rows.isEmpty {
      let service = text.prefix { $0 != ":" }.lowercased()
      let known = table.indices(prefix: "\(service):").map { table.rows[$0].name }
      problems.append(
        document.problem(
          place, "no level table has the action `\(text)`\(didYouMean(text, among: known))"))
    }
    return rows
  }

  /// Names and patterns of tools with one meaning.
  private mutating func readTools(_ node: Node, _ document: Document) {
    let fields = Fields(
      node, of: document, what: "an entry of `tools`", keys: ["level", "capabilities", "names"],
      problems: &problems)
    var meaning = ActionMeaning(
      level: level(of: fields) ?? .unknown, capabilities: checkedCapabilities(fields),
      origin: .named, takesResource: true)
    for name in fields.node("names")?.oneOrMany ?? [] {
      guard let text = name.text, !text.isEmpty else {
        problems.append(document.problem(name.place, "a name must be text"))
        continue
      }
      let folded = text.lowercased()
      let isNew: Bool
      if text.contains("*") {
        isNew = patternTexts.insert(folded).inserted
        meaning.origin = .pattern
        patterns.append((Glob(text.lowercased()), meaning))
      } else {
        isNew = named[folded] == nil
        meaning.origin = .named
        named[folded] = meaning
      }
      if !isNew { problems.append(document.problem(name.place, "`\(text)` is given twice")) }
    }
  }

  private mutating func readAnnotation(_ node: Node, _ document: Document) {
    let fields = Fields(
      node, of: document, what: "an entry of `annotations`",
      keys: ["name", "value", "with", "level", "capabilities"], problems: &problems)
    var with: [AnnotationRule.Stated] = []
    for entry in fields.node("with")?.mapping ?? [] {
      with.append(AnnotationRule.Stated(entry.key, entry.value.text ?? ""))
    }
    let stated = AnnotationRule.Stated(
      fields.requiredText("name", problems: &problems),
      fields.requiredText("value", problems: &problems))
    annotationRules.append(
      AnnotationRule(
        stated: stated, with: with, level: level(of: fields) ?? .unknown,
        capabilities: checkedCapabilities(fields)))
  }

  private mutating func readVerbs(_ entry: Node.Entry, _ document: Document) {
    let fields = Fields(
      entry.value, of: document, what: "a kind of verb", keys: ["level", "words", "weak"],
      problems: &problems)
    let verbs = WordRules.VerbClass(name: entry.key, level: level(of: fields) ?? .unknown)
    let taken = words.add(
      verbs, words: fields.texts("words", problems: &problems),
      weak: fields.texts("weak", problems: &problems))
    for word in taken {
      problems.append(
        document.problem(fields.place(of: "words"), "the verb `\(word)` is given twice"))
    }
  }

  private mutating func readRule(_ node: Node, _ document: Document) {
    let fields = Fields(
      node, of: document, what: "a rule",
      keys: ["verbs", "objects", "with", "unless", "capabilities", "level"], problems: &problems)
    let known = words.classes.map(\.name) + ["none"]
    var verbs: [Int] = []
    for verb in fields.node("verbs")?.oneOrMany ?? [] {
      let text = verb.text ?? ""
      if let index = known.firstIndex(of: text) {
        verbs.append(index == words.classes.count ? WordRules.noVerb : index)
      } else {
        problems.append(
          document.problem(
            verb.place, "unknown kind of verb `\(text)`\(didYouMean(text, among: known))"))
      }
    }
    let objects = fields.texts("objects", problems: &problems)
    let companions = fields.texts("with", problems: &problems)
    let exceptions = fields.texts("unless", problems: &problems)
    let rule = WordRules.Rule(
      verbs: verbs, needsObject: !objects.isEmpty, needsCompanion: !companions.isEmpty,
      capabilities: checkedCapabilities(fields),
      level: fields.node("level") == nil ? nil : level(of: fields))
    words.add(
      rule, parts: [(.object, objects), (.companion, companions), (.exception, exceptions)])
  }

  // Parts that several files have.

  private mutating func document(_ text: String, _ file: String) -> Document? {
    do throws(DocumentProblem) {
      return try Document.one(text: text, file: file)
    } catch {
      problems.append(error)
      return nil
    }
  }

  private mutating func elements(_ key: String, of fields: Fields) -> [Node] {
    guard let node = fields.node(key) else { return [] }
    if let elements = node.sequence { return elements }
    problems.append(
      fields.document.problem(node.place, "`\(key)` must be a list, not \(node.kindWord)"))
    return []
  }

  private mutating func level(of fields: Fields) -> Level? {
    let levels = Level.allCases.map(\.rawValue)
    guard let word = fields.word("level", of: levels, problems: &problems) else {
      if fields.node("level") == nil {
        problems.append(fields.document.problem(fields.place, "`level` is missing"))
      }
      return nil
    }
    return Level(rawValue: word)
  }

  private mutating func checkedCapabilities(_ fields: Fields) -> [String] {
    for node in fields.node("capabilities")?.oneOrMany ?? [] {
      if let text = node.text { checkCapability(text, node.place, fields.document) }
    }
    return Set(fields.texts("capabilities", problems: &problems)).sorted()
  }

  private mutating func checkCapability(_ word: String, _ place: Place, _ document: Document) {
    if capabilities.contains(word) { return }
    problems.append(
      document.problem(
        place, "unknown capability `\(word)`\(didYouMean(word, among: capabilities))"))
  }
}
