internal import Yams

/// One YAML document of a file, read with the place of every value.
package struct Document: Sendable {
  /// The path as the user would name it.
  package var file: String
  /// The document's value.
  package var root: Node
  /// The lines of the whole file, for messages.
  package var lines: [String]

  /// Reads all documents of a file; empty ones are left out.
  ///
  /// - Throws: `DocumentProblem` when the text is not YAML, repeats a key, or is too large or deep.
  package static func all(
    text: String, file: String
  ) throws(DocumentProblem) -> [Document] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
    }
    do {
      var budget = nodesMax
      var documents: [Document] = []
      // The sequence stops at a mistake and keeps it: it does not throw while it is walked.
      var nodes = try Yams.compose_all(yaml: text)
      while let node = nodes.next() {
        let root = try convert(node, file: file, lines: lines, depth: 0, budget: &budget)
        if !root.isNull { documents.append(Document(file: file, root: root, lines: lines)) }
      }
      if let error = nodes.error { throw error }
      return documents
    } catch let problem as DocumentProblem {
      throw problem
    } catch let error as YamlError {
      throw problem(of: error, file: file, lines: lines)
    } catch {
      throw DocumentProblem(
        file: file, line: 0, column: 0, reason: "not readable as YAML", sourceLine: nil)
    }
  }

  /// Reads a file that must hold exactly one document.
  ///
  /// - Throws: `DocumentProblem` as `all` does, and when there is none or more than one.
  package static func one(text: String, file: String) throws(DocumentProblem) -> Document {
    let documents = try all(text: text, file: file)
    guard let first = documents.first, documents.count == 1 else {
      let reason = documents.isEmpty ? "the file is empty" : "expected one document in the file"
      throw DocumentProblem(file: file, line: 0, column: 0, reason: reason, sourceLine: nil)
    }
    return first
  }

  /// Reads a file of one document by a walk that notes mistakes on the way.
  ///
  /// - Throws: every mistake of the file, in order of place.
  package static func read<Value>(
    text: String, file: String, _ walk: (Document, inout [DocumentProblem]) -> Value
  ) throws(DocumentProblems) -> Value {
    let document: Document
    do {
      document = try one(text: text, file: file)
    } catch {
      throw DocumentProblems([error])
    }
    var problems: [DocumentProblem] = []
    let value = walk(document, &problems)
    guard problems.isEmpty else {
      throw DocumentProblems(
        problems.sorted { ($0.line, $0.column, $0.reason) < ($1.line, $1.column, $1.reason) })
    }
    return value
  }

  /// A mistake at a place of this document.
  package func problem(_ place: Place, _ reason: String) -> DocumentProblem {
    DocumentProblem(
      file: file, line: place.line, column: place.column, reason: reason,
      sourceLine: Document.line(place.line, of: lines))
  }

  /// More values than any policy or mapping has; a document of aliases of aliases stops here.
  private static let nodesMax = 2_000_000
  private static let depthMax = 200

  private static func line(_ number: Int, of lines: [String]) -> String? {
    lines.indices.contains(number - 1) ? lines[number - 1] : nil
  }

  private static func convert(
    _ node: Yams.Node, file: String, lines: [String], depth: Int, budget: inout Int
  ) throws(DocumentProblem) -> Node {
    let place = Place(line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    budget -= 1
    guard budget > 0, depth < depthMax else {
      let reason = budget > 0 ? "nested too deeply" : "too many values in one file"
      throw DocumentProblem(
        file: file, line: place.line, column: place.column, reason: reason,
        sourceLine: line(place.line, of: lines))
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return Node(content: .scalar(text: scalar.string, isPlain: isPlain), place: place)
    case .sequence(let sequence):
      var nodes: [Node] = []
      for element in sequence {
        nodes.append(
          try convert(element, file: file, lines: lines, depth: depth + 1, budget: &budget))
      }
      return Node(content: .sequence(nodes), place: place)
    case .mapping(let mapping):
      var entries: [Node.Entry] = []
      for (key, value) in mapping {
        let converted = try convert(
          value, file: file, lines: lines, depth: depth + 1, budget: &budget)
        let keyPlace = Place(line: key.mark?.line ?? 0, column: key.mark?.column ?? 0)
        guard case .scalar(let scalar) = key else {
          throw DocumentProblem(
            file: file, line: keyPlace.line, column: keyPlace.column,
            reason: "a key must be a single value", sourceLine: line(keyPlace.line, of: lines))
        }
        entries.append(Node.Entry(key: scalar.string, keyPlace: keyPlace, value: converted))
      }
      return Node(content: .mapping(entries), place: place)
    case .alias:
      throw DocumentProblem(
        file: file, line: place.line, column: place.column, reason: "aliases are not resolved here",
        sourceLine: line(place.line, of: lines))
    }
  }

  private static func problem(
    of error: YamlError, file: String, lines: [String]
  ) -> DocumentProblem {
    func at(_ mark: Mark, _ reason: String) -> DocumentProblem {
      DocumentProblem(
        file: file, line: mark.line, column: mark.column, reason: reason,
        sourceLine: line(mark.line, of: lines))
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return at(mark, "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      // Yams counts this mark's line from zero where its others count from one.
      let names = duplicates.map { "`\($0)`" }.sorted().joined(separator: ", ")
      return at(context.mark, "key given twice: \(names)")
    case .reader(let problem, _, _, _):
      return DocumentProblem(
        file: file, line: 0, column: 0, reason: "not YAML: \(problem)", sourceLine: nil)
    default:
      return DocumentProblem(
        file: file, line: 0, column: 0, reason: "not YAML: \(error)", sourceLine: nil)
    }
  }
}
