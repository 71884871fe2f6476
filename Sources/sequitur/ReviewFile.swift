internal import Documents
internal import Foundation

/// `review.yaml`: what a user wants pinned. Flags of the command line win over it.
///
/// Its keys are the names of the flags, but for `inputs`, which are the command's paths, and
/// `review`, which is `--name`. Paths are relative to the file.
struct ReviewFile {
  var inputs: [String] = []
  var name: String?
  var from: String?
  var to: String?
  /// Further policies.
  var policies: [String] = []
  /// A file of exceptions.
  var exceptions: String?
  /// Sheets of decisions that were filled in.
  var decisions: [String] = []
  var formats: [String] = []
  var failOn: String?
  var out: String?
  var history: String?
  var memory: String?
  var threads: Int?
  var signKey: String?
  var pack: String?
  var metrics: String?
  var logFormat: String?
  var root: String?
  /// The flags without a value that are switched on, by their names.
  var switches: Set<String> = []

  /// Nothing is pinned.
  init() {}

  /// Keys with a value of their own.
  static let valueKeys = [
    "inputs", "review", "from", "to", "policies", "exceptions", "decisions", "formats", "fail-on",
    "out", "history", "memory", "threads", "sign-key", "pack", "metrics", "log-format", "root",
  ]
  /// Keys that are true or false, as flags are given or not.
  static let switchKeys = [
    "no-history", "replay", "strict", "show-values", "quiet", "json-summary",
    "no-shipped-policies", "no-input-digests", "timings",
  ]

  /// Reads the file; every mistake in it is named.
  init(path: String) throws {
    let text = try readText(path, shownAs: path)
    var problems: [DocumentProblem] = []
    do {
      let document = try Document.one(text: text, file: path)
      let fields = Fields(
        document.root, of: document, what: "a review",
        keys: ReviewFile.valueKeys + ReviewFile.switchKeys, problems: &problems)
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      func file(_ key: String) -> String? {
        fields.text(key, problems: &problems).map { folder.appendingPathComponent($0).path }
      }
      func files(_ key: String) -> [String] {
        fields.texts(key, problems: &problems).map { folder.appendingPathComponent($0).path }
      }
      inputs = files("inputs")
      name = fields.text("review", problems: &problems)
      from = fields.text("from", problems: &problems)
      to = fields.text("to", problems: &problems)
      policies = files("policies")
      exceptions = file("exceptions")
      decisions = files("decisions")
      formats = fields.texts("formats", problems: &problems)
      failOn = fields.word(
        "fail-on", of: ["low", "moderate", "high", "critical"], problems: &problems)
      out = file("out")
      history = file("history")
      memory = fields.text("memory", problems: &problems)
      signKey = file("sign-key")
      pack = fields.word("pack", of: ["zip", "tar.gz"], problems: &problems)
      metrics = file("metrics")
      logFormat = fields.word(
        "log-format", of: Log.Format.allCases.map(\.rawValue), problems: &problems)
      root = file("root")
      for key in ReviewFile.switchKeys where fields.bool(key, problems: &problems) == true {
        switches.insert(key)
      }
      if let number = fields.number("threads", problems: &problems) {
        threads = Int(exactly: number)
        if threads == nil {
          problems.append(
            document.problem(fields.place(of: "threads"), "`threads` must be a whole number"))
        }
      }
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
