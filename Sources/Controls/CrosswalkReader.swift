package import Documents

/// Reads a crosswalk against the frameworks that it joins.
///
/// - Throws: every mistake of the file, in order of place.
package func readCrosswalk(
  text: String, file: String, frameworks: [Framework]
) throws(DocumentProblems) -> Crosswalk {
  try Document.read(text: text, file: file) { document, problems in
    var reader = CrosswalkReader(document: document, frameworks: frameworks)
    defer { problems = reader.problems }
    return reader.read()
  }
}

/// The walk over the file, with the mistakes found on the way.
private struct CrosswalkReader {
  let document: Document
  let frameworks: [Framework]
  var problems: [DocumentProblem] = []

  mutating func read() -> Crosswalk {
    let fields = Fields(
      document.root, of: document, what: "a crosswalk",
      keys: ["crosswalk", "version", "hub", "note", "concepts"], problems: &problems)
    let hub =
      fields.node("hub") == nil
      ? fields.requiredText("hub", problems: &problems)
      : fields.word("hub", of: frameworks.map(\.id).sorted(), problems: &problems) ?? ""
    return Crosswalk(
      id: fields.requiredText("crosswalk", problems: &problems),
      version: fields.requiredText("version", problems: &problems), hub: hub,
      note: fields.requiredText("note", problems: &problems),
      concepts: concepts(of: fields, hub: hub))
  }

  private mutating func concepts(of fields: Fields, hub: String) -> [Crosswalk.Concept] {
    guard let nodes = fields.node("concepts")?.sequence, !nodes.isEmpty else {
      problems.append(
        document.problem(fields.place(of: "concepts"), "`concepts` must be a list of concepts"))
      return []
    }
    var seen: Set<String> = []
    return nodes.map { node in
      let concept = self.concept(node)
      if !concept.id.isEmpty, !seen.insert(concept.id).inserted {
        problems.append(document.problem(node.place, "concept `\(concept.id)` is given twice"))
      }
      if !hub.isEmpty, concept.ids(of: hub).isEmpty {
        problems.append(
          document.problem(node.place, "concept `\(concept.id)` names no control of the hub"))
      }
      return concept
    }
  }

  private mutating func concept(_ node: Node) -> Crosswalk.Concept {
    let fields = Fields(
      node, of: document, what: "a concept", keys: ["id", "title", "because", "controls"],
      problems: &problems)
    return Crosswalk.Concept(
      id: fields.requiredText("id", problems: &problems),
      title: fields.requiredText("title", problems: &problems),
      because: fields.requiredText("because", problems: &problems),
      controls: controls(of: fields))
  }

  private mutating func controls(of fields: Fields) -> [Crosswalk.FrameworkControls] {
    guard let entries = fields.node("controls")?.mapping else {
      problems.append(
        document.problem(
          fields.place(of: "controls"), "`controls` must list ids for each framework"))
      return []
    }
    return entries.map { entry in
      guard let framework = frameworks.first(where: { $0.id == entry.key }) else {
        let hint = didYouMean(entry.key, among: frameworks.map(\.id))
        problems.append(
          document.problem(entry.keyPlace, "unknown framework `\(entry.key.prefix(60))`\(hint)"))
        return Crosswalk.FrameworkControls(framework: entry.key, ids: [])
      }
      let known = framework.controls.map(\.id)
      let ids = entry.value.oneOrMany.map { $0.text ?? "" }
      for (id, node) in zip(ids, entry.value.oneOrMany) where !known.contains(id) {
        problems.append(
          document.problem(
            node.place,
            "`\(framework.id)` has no control `\(id.prefix(60))`\(didYouMean(id, among: known))"))
      }
      return Crosswalk.FrameworkControls(framework: framework.id, ids: ids)
    }.sorted { $0.framework < $1.framework }
  }
}
