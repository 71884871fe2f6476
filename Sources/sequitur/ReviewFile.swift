internal import Documents
internal import Foundation

/// `review.yaml`: what a user wants pinned. Flags of the command line win over it.
struct ReviewFile {
  var name: String?
  var from: String?
  var to: String?
  /// Further policies, as paths relative to the file.
  var policies: [String] = []
  /// A file of exceptions, as a path relative to the file.
  var exceptions: String?
  /// Files of decisions, as paths relative to the file.
  var decisions: [String] = []
  var formats: [String] = []
  var failOn: String?

  /// Nothing is pinned.
  init() {}

  /// Reads the file; every mistake in it is named.
  init(path: String) throws {
    let text = try readText(path, shownAs: path)
    var problems: [DocumentProblem] = []
    do {
      let document = try Document.one(text: text, file: path)
      let fields = Fields(
        document.root, of: document, what: "a review",
        keys: [
          "review", "from", "to", "policies", "exceptions", "decisions", "formats", "fail-on",
        ],
        problems: &problems)
      name = fields.text("review", problems: &problems)
      from = fields.text("from", problems: &problems)
      to = fields.text("to", problems: &problems)
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      policies = fields.texts("policies", problems: &problems).map {
        folder.appendingPathComponent($0).path
      }
      exceptions = fields.text("exceptions", problems: &problems).map {
        folder.appendingPathComponent($0).path
      }
      decisions = fields.texts("decisions", problems: &problems).map {
        folder.appendingPathComponent($0).path
      }
      formats = fields.texts("formats", problems: &problems)
      failOn = fields.word(
        "fail-on", of: ["low", "moderate", "high", "critical"], problems: &problems)
      if let name, !ReviewFile.isName(name) {
        problems.append(
          document.problem(
            fields.place(of: "review"),
            "`review` names a folder: letters, digits, `.`, `-`, `_`, not `\(name.prefix(60))`"))
      }
    } catch {
      problems.append(error)
    }
    guard problems.isEmpty else {
      throw Failure(problems.sorted { $0.line < $1.line }.map(\.text).joined(separator: "\n"))
    }
  }

  /// Whether a text is safe as the name of a folder and of a review.
  static func isName(_ text: String) -> Bool {
    let allowed = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    return allowed && !text.isEmpty && text.utf8.count <= 100 && !text.hasPrefix(".")
  }
}
