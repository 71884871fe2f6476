package import Documents
package import Model

/// What the vocabulary files say, ready to be asked about any action.
package struct VocabularyBuilder: Sendable {
  /// The closed list of capability names, sorted.
  package let capabilities: [String]
  /// The version of the vocabulary files.
  package let version: String

  private let catalogue: [CatalogueAction]
  private let named: [String: ActionMeaning]
  private let patterns: [(pattern: Glob, meaning: ActionMeaning)]
  private let annotationRules: [AnnotationRule]
  private let words: WordRules

  /// Reads the vocabulary: `capabilities.yaml`, the `*-levels.txt` and all other `*.yaml`; files
  /// with other endings are left alone.
  ///
  /// - Throws: Every mistake of the files, in order of file and place.
  package init(files: [(name: String, text: String)]) throws(DocumentProblems) {
    let reader = VocabularyReader(files: files)
    guard reader.problems.isEmpty else {
      throw DocumentProblems(
        reader.problems.sorted {
          ($0.file, $0.line, $0.column, $0.reason) < ($1.file, $1.line, $1.column, $1.reason)
        })
    }
    capabilities = reader.capabilities
    version = reader.version
    catalogue = reader.catalogue()
    patterns = reader.patterns
    annotationRules = reader.annotationRules
    words = reader.words
    var named = reader.named
    named.reserveCapacity(named.count + catalogue.count)
    for (row, action) in zip(reader.table.rows, catalogue) where named[row.folded] == nil {
      named[row.folded] = action.meaning
    }
    self.named = named
  }

  /// The catalogue and the words, with no action of a review yet.
  package var emptyVocabulary: Vocabulary {
    Vocabulary(
      capabilities: capabilities, catalogue: catalogue, meanings: [:], version: version,
      words: words)
  }

  /// What an action means, by the first source that says: its name in a file, a pattern, the tool's
  /// annotations, the words of its name, those of its description.
  ///
  /// Annotations are hints: where the words of the name say that the action can do more, they win.
  package func meaning(
    action: String, description: String?, annotations: [NamedValue]
  ) -> ActionMeaning {
    let folded = action.lowercased()
    if let meaning = named[folded] { return meaning }
    if let match = patterns.first(where: { $0.pattern.matches(folded) }) {
      return match.meaning
    }
    let name = words.reading(ofName: NameWords(action))
    if let hint = hint(annotations) { return merge(hint, name) }
    if let name { return meaning(name, .nameWords) }
    guard let description,
      let sentence = words.reading(ofSentence: NameWords(sentence: description))
    else { return .unknown }
    return meaning(sentence, .descriptionWords)
  }

  private func meaning(_ reading: WordRules.Reading, _ origin: MeaningOrigin) -> ActionMeaning {
    ActionMeaning(
      level: reading.level, capabilities: reading.capabilities, origin: origin, takesResource: true)
  }

  /// What annotations say; nil when none says anything.
  private func hint(_ annotations: [NamedValue]) -> WordRules.Reading? {
    let stated = Set(annotations.map { AnnotationRule.Stated($0) })
    var level: Level?
    var capabilities: Set<String> = []
    for rule in annotationRules
    where stated.contains(rule.stated) && rule.with.allSatisfy({ stated.contains($0) }) {
      level = stronger(level, rule.level)
      capabilities.formUnion(rule.capabilities)
    }
    guard let level else { return nil }
    return WordRules.Reading(
      level: level, capabilities: WordRules.mostExact(capabilities))
  }

  private func merge(_ hint: WordRules.Reading, _ name: WordRules.Reading?) -> ActionMeaning {
    guard let name else { return meaning(hint, .annotations) }
    let level = stronger(hint.level, name.level) ?? hint.level
    return ActionMeaning(
      level: level,
      capabilities: WordRules.mostExact(Set(hint.capabilities).union(name.capabilities)),
      origin: level == hint.level ? .annotations : .nameWords, takesResource: true)
  }
}
