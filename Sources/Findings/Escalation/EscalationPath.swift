package import Documents

/// One way from ordinary privileges to an administrator's: a fact about a platform.
package struct EscalationPath: Sendable, Equatable {
  /// The path's id.
  package var id: String
  /// Actions that must all be held.
  package var needs: [String]
  /// Those of them that choose the target, and must reach further than named resources.
  package var freely: [String]
  /// What those must reach instead, where one target is worth more than others: a resource, or a
  /// pattern all of which must be reached.
  package var target: String?
  /// Why it leads there, in words.
  package var because: String
}

/// Reads a file of `mappings/escalation/`.
package func readEscalationPaths(
  text: String, file: String
) throws(DocumentProblems) -> [EscalationPath] {
  let document: Document
  do {
    document = try Document.one(text: text, file: file)
  } catch {
    throw DocumentProblems([error])
  }
  var problems: [DocumentProblem] = []
  let root = Fields(
    document.root, of: document, what: "the file", keys: ["platform", "paths"],
    problems: &problems)
  _ = root.requiredText("platform", problems: &problems)
  var paths: [EscalationPath] = []
  var ids: Set<String> = []
  for node in root.node("paths")?.oneOrMany ?? [] {
    let fields = Fields(
      node, of: document, what: "a path", keys: ["id", "needs", "freely", "target", "because"],
      problems: &problems)
    let path = EscalationPath(
      id: fields.requiredText("id", problems: &problems),
      needs: fields.texts("needs", problems: &problems),
      freely: fields.texts("freely", problems: &problems),
      target: fields.node("target")?.text,
      because: fields.requiredText("because", problems: &problems))
    if !ids.insert(path.id).inserted {
      problems.append(document.problem(node.place, "the path `\(path.id)` is given twice"))
    }
    if path.needs.isEmpty {
      problems.append(document.problem(node.place, "`needs` must name at least one action"))
    }
    for action in path.freely where !path.needs.contains(action) {
      problems.append(
        document.problem(fields.place(of: "freely"), "`\(action)` is not among `needs`"))
    }
    paths.append(path)
  }
  if paths.isEmpty {
    problems.append(document.problem(document.root.place, "`paths` must list at least one path"))
  }
  guard problems.isEmpty else { throw DocumentProblems(problems) }
  return paths
}
