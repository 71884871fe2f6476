package import Documents
internal import Findings
package import Policies

/// Reads one mapping file of a framework against the closed lists of themes and policies.
///
/// `policyIDs` are the loaded policies; the built-in rules (`BuiltInRule`) may be named as well.
///
/// - Throws: every mistake of the file, in order of place.
package func readFramework(
  text: String, file: String, themes: Themes, policyIDs: [String]
) throws(DocumentProblems) -> Framework {
  try Document.read(text: text, file: file) { document, problems in
    var reader = FrameworkReader(
      document: document, themes: themes.ids,
      policyIDs: (policyIDs + BuiltInRule.allCases.map(\.rawValue)).sorted())
    defer { problems = reader.problems }
    return reader.read()
  }
}

/// The walk over one file, with the mistakes found on the way.
private struct FrameworkReader {
  let document: Document
  let themes: [String]
  let policyIDs: [String]
  var problems: [DocumentProblem] = []

  mutating func read() -> Framework {
    let fields = Fields(
      document.root, of: document, what: "a framework",
      keys: ["framework", "title", "version", "mapping", "note", "controls", "unmapped"],
      problems: &problems)
    let framework = Framework(
      id: fields.requiredText("framework", problems: &problems),
      title: fields.requiredText("title", problems: &problems),
      version: fields.requiredText("version", problems: &problems),
      mappingVersion: fields.requiredText("mapping", problems: &problems),
      note: fields.requiredText("note", problems: &problems), controls: controls(of: fields),
      unmapped: reasons("unmapped", of: fields, what: "theme", known: themes))
    checkUnmapped(framework, fields)
    return framework
  }

  private mutating func controls(of fields: Fields) -> [FrameworkControl] {
    guard let nodes = fields.node("controls")?.sequence, !nodes.isEmpty else {
      problems.append(
        document.problem(fields.place(of: "controls"), "`controls` must be a list of controls"))
      return []
    }
    var controls: [FrameworkControl] = []
    var seen: Set<String> = []
    for node in nodes {
      let control = self.control(node)
      if !control.id.isEmpty, !seen.insert(control.id).inserted {
        problems.append(document.problem(node.place, "control `\(control.id)` is given twice"))
      }
      controls.append(control)
    }
    return controls
  }

  private mutating func control(_ node: Node) -> FrameworkControl {
    let fields = Fields(
      node, of: document, what: "a control",
      keys: ["id", "title", "citedAs", "needs", "because", "themes", "policies"],
      problems: &problems)
    let needs = fields.word(
      "needs", of: Population.allCases.map(\.rawValue), problems: &problems)
    if fields.node("needs") == nil {
      problems.append(document.problem(fields.place, "`needs` is missing"))
    }
    let cited = citation(of: fields)
    let control = FrameworkControl(
      id: fields.requiredText("id", problems: &problems),
      title: fields.requiredText("title", problems: &problems), citedAs: cited?.id,
      citedReason: cited?.reason, needs: needs.flatMap(Population.init(rawValue:)) ?? .none,
      notAssessedBecause: fields.text("because", problems: &problems),
      themes: reasons("themes", of: fields, what: "theme", known: themes),
      policies: reasons("policies", of: fields, what: "policy", known: policyIDs))
    if needs != nil { checkNeeds(control, fields) }
    return control
  }

  /// A control either maps something, or says why it cannot be assessed: never both, never neither.
  private mutating func checkNeeds(_ control: FrameworkControl, _ fields: Fields) {
    let maps = !control.themes.isEmpty || !control.policies.isEmpty
    let isExplained = control.notAssessedBecause != nil
    let reason: String
    if control.needs == .none {
      guard maps || !isExplained else { return }
      reason =
        maps
        ? "a control that needs `none` maps no theme and no policy"
        : "a control that needs `none` says why in `because`"
    } else {
      guard !maps || isExplained else { return }
      reason =
        isExplained
        ? "`because` is for a control that needs `none`"
        : "a control that can be assessed maps a theme or a policy"
    }
    problems.append(document.problem(fields.place, reason))
  }

  private mutating func citation(of fields: Fields) -> (id: String, reason: String)? {
    guard let node = fields.node("citedAs") else { return nil }
    let cited = Fields(
      node, of: document, what: "`citedAs`", keys: ["id", "reason"], problems: &problems)
    return (
      cited.requiredText("id", problems: &problems),
      cited.requiredText("reason", problems: &problems)
    )
  }

  /// A mapping from known words to reasons, sorted by word.
  private mutating func reasons(
    _ key: String, of fields: Fields, what: String, known: [String]
  ) -> [ControlMapping] {
    guard let node = fields.node(key) else { return [] }
    guard let entries = node.mapping else {
      problems.append(
        document.problem(
          node.place, "`\(key)` must give a reason for each \(what), not \(node.kindWord)"))
      return []
    }
    var mappings: [ControlMapping] = []
    for entry in entries {
      if !known.contains(entry.key) {
        let hint = didYouMean(entry.key, among: known)
        problems.append(
          document.problem(entry.keyPlace, "unknown \(what) `\(entry.key.prefix(60))`\(hint)"))
      }
      let reason = entry.value.text ?? ""
      if reason.isEmpty {
        problems.append(
          document.problem(entry.keyPlace, "`\(entry.key.prefix(60))` is mapped without a reason"))
      }
      mappings.append(ControlMapping(theme: entry.key, reason: reason))
    }
    return mappings.sorted { $0.theme < $1.theme }
  }

  private mutating func checkUnmapped(_ framework: Framework, _ fields: Fields) {
    let mapped = Set(framework.mappedThemes)
    for theme in framework.unmapped where mapped.contains(theme.theme) {
      problems.append(
        document.problem(
          fields.place(of: "unmapped"), "theme `\(theme.theme)` is mapped and `unmapped`"))
    }
  }
}
