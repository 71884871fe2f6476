/// Reads the keys of one mapping against a closed list and collects every mistake on the way, so
/// that one run shows all of them.
package struct Fields {
  /// The document, for messages.
  package let document: Document
  /// Where the mapping begins.
  package let place: Place
  private let entries: [Node.Entry]

  /// Opens a mapping. Unknown keys are mistakes with the nearest known key; so is another kind of
  /// value, which reads as an empty mapping.
  package init(
    _ node: Node, of document: Document, what: String, keys: [String],
    problems: inout [DocumentProblem]
  ) {
    self.document = document
    place = node.place
    entries = node.mapping ?? []
    if node.mapping == nil {
      problems.append(
        document.problem(node.place, "\(what) must be a mapping, not \(node.kindWord)"))
    }
    for entry in entries where !keys.contains(entry.key) {
      let hint = didYouMean(entry.key, among: keys)
      problems.append(
        document.problem(entry.keyPlace, "unknown key `\(entry.key)` in \(what)\(hint)"))
    }
  }

  /// The value of a key; nil when it is not there or null.
  package func node(_ key: String) -> Node? {
    guard let value = entries.first(where: { $0.key == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// The place of a key, else of the mapping.
  package func place(of key: String) -> Place {
    entries.first { $0.key == key }?.keyPlace ?? place
  }

  /// A single text.
  package func text(_ key: String, problems: inout [DocumentProblem]) -> String? {
    guard let node = node(key) else { return nil }
    if let text = node.text { return text }
    problems.append(document.problem(node.place, "`\(key)` must be text, not \(node.kindWord)"))
    return nil
  }

  /// A single text that must be there; empty after a mistake.
  package func requiredText(_ key: String, problems: inout [DocumentProblem]) -> String {
    if let text = text(key, problems: &problems) { return text }
    if node(key) == nil { problems.append(document.problem(place, "`\(key)` is missing")) }
    return ""
  }

  /// One text or a list of texts.
  package func texts(_ key: String, problems: inout [DocumentProblem]) -> [String] {
    guard let node = node(key) else { return [] }
    var texts: [String] = []
    for element in node.oneOrMany {
      if let text = element.text {
        texts.append(text)
      } else {
        problems.append(
          document.problem(
            element.place, "`\(key)` must be text or a list of texts, not \(element.kindWord)"))
      }
    }
    return texts
  }

  /// A number.
  package func number(_ key: String, problems: inout [DocumentProblem]) -> Double? {
    guard let node = node(key) else { return nil }
    if let number = node.number { return number }
    problems.append(document.problem(node.place, "`\(key)` must be a number"))
    return nil
  }

  /// A truth value.
  package func bool(_ key: String, problems: inout [DocumentProblem]) -> Bool? {
    guard let node = node(key) else { return nil }
    if let bool = node.bool { return bool }
    problems.append(document.problem(node.place, "`\(key)` must be true or false"))
    return nil
  }

  /// One of a closed list of words.
  package func word(
    _ key: String, of words: [String], problems: inout [DocumentProblem]
  ) -> String? {
    guard let node = node(key), let text = text(key, problems: &problems) else { return nil }
    if words.contains(text) { return text }
    let hint = didYouMean(text, among: words)
    problems.append(
      document.problem(
        node.place,
        "`\(key)` must be one of \(words.joined(separator: ", ")), not `\(text)`\(hint)"))
    return nil
  }
}
