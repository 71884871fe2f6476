package import Documents

/// The closed list of themes that policies carry and frameworks map.
package struct Themes: Sendable, Equatable {
  /// One theme.
  package struct Theme: Sendable, Equatable {
    /// The word that policies write.
    package var id: String
    /// What it means, one line.
    package var summary: String
  }

  /// The themes, sorted by id.
  package var all: [Theme]

  /// The words, sorted.
  package var ids: [String] { all.map(\.id) }
}

/// Reads the closed list of themes: one mapping `themes` of id to a line that says what it means.
///
/// - Throws: every mistake of the file.
package func readThemes(text: String, file: String) throws(DocumentProblems) -> Themes {
  let document: Document
  do {
    document = try Document.one(text: text, file: file)
  } catch {
    throw DocumentProblems([error])
  }
  var problems: [DocumentProblem] = []
  let fields = Fields(
    document.root, of: document, what: "the list of themes", keys: ["themes"], problems: &problems)
  var themes: [Themes.Theme] = []
  if let node = fields.node("themes"), let entries = node.mapping {
    for entry in entries {
      if !isIdentifier(entry.key) {
        problems.append(
          document.problem(entry.keyPlace, "a theme is lower-case words joined by hyphens"))
      }
      if let summary = entry.value.text {
        themes.append(Themes.Theme(id: entry.key, summary: summary))
      } else {
        problems.append(
          document.problem(
            entry.keyPlace, "theme `\(shown(entry.key))` needs a line that says what it means"))
      }
    }
  } else {
    problems.append(document.problem(fields.place(of: "themes"), "`themes` must be a mapping"))
  }
  guard problems.isEmpty else { throw DocumentProblems(problems) }
  return Themes(all: themes.sorted { $0.id < $1.id })
}

/// Whether a text is lower-case letters, digits and single hyphens: a word that can be a file name.
func isIdentifier(_ text: String) -> Bool {
  guard let first = text.utf8.first, first != 0x2D, text.utf8.last != 0x2D, text.utf8.count <= 100
  else { return false }
  return text.utf8.allSatisfy {
    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
  }
}

/// User input cut to a length that is safe in a message.
func shown(_ text: String) -> String {
  text.count > 60 ? String(text.prefix(60)) + "…" : text
}
