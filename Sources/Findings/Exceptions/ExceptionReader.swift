package import Documents
internal import Model

/// Reads a file of exceptions against its closed keys.
///
/// - Throws: every mistake of the file, in order of place.
package func readExceptions(text: String, file: String) throws(DocumentProblems) -> [Exception] {
  try Document.read(text: text, file: file) { document, problems in
    var reader = ExceptionReader(document: document)
    defer { problems = reader.problems }
    return reader.read()
  }
}

/// The walk over one file, with the mistakes found on the way.
private struct ExceptionReader {
  let document: Document
  var problems: [DocumentProblem] = []

  static let keys = [
    "exception", "finding", "policy", "agents", "owner", "approver", "reason", "ticket",
    "compensating-control", "from", "until",
  ]

  mutating func read() -> [Exception] {
    let root = Fields(
      document.root, of: document, what: "the file", keys: ["exceptions"], problems: &problems)
    guard let nodes = root.node("exceptions")?.sequence else {
      problems.append(
        document.problem(root.place(of: "exceptions"), "`exceptions` must be a list"))
      return []
    }
    var exceptions: [Exception] = []
    for node in nodes {
      let fields = Fields(
        node, of: document, what: "an exception", keys: ExceptionReader.keys, problems: &problems)
      guard let exception = exception(fields) else { continue }
      if exceptions.contains(where: { $0.id == exception.id }) {
        problems.append(
          document.problem(
            fields.place(of: "exception"), "exception `\(exception.id)` is there twice"))
      }
      exceptions.append(exception)
    }
    return exceptions
  }

  private mutating func exception(_ fields: Fields) -> Exception? {
    let id = fields.requiredText("exception", problems: &problems)
    let target = target(fields)
    let owner = fields.requiredText("owner", problems: &problems)
    let approver = fields.requiredText("approver", problems: &problems)
    let reason = fields.requiredText("reason", problems: &problems)
    let from = bound(fields, "from", isEnd: false)
    let until = bound(fields, "until", isEnd: true)
    let ticket = fields.text("ticket", problems: &problems)
    let control = fields.text("compensating-control", problems: &problems)
    guard let target, let from, let until else { return nil }
    if until < from {
      problems.append(
        document.problem(fields.place(of: "until"), "`until` lies before `from`"))
    }
    return Exception(
      id: id, target: target, owner: owner, approver: approver, reason: reason, ticket: ticket,
      compensatingControl: control, from: from, until: until, file: document.file,
      line: fields.place.line)
  }

  private mutating func target(_ fields: Fields) -> Exception.Target? {
    let finding = fields.text("finding", problems: &problems)
    let policy = fields.text("policy", problems: &problems)
    let agents = fields.texts("agents", problems: &problems)
    if let finding {
      if policy != nil || !agents.isEmpty {
        problems.append(
          document.problem(
            fields.place(of: "finding"), "`finding` names one; leave out `policy` and `agents`"))
      }
      return .finding(finding)
    }
    guard let policy, !agents.isEmpty else {
      problems.append(
        document.problem(
          fields.place, "an exception needs `finding`, or `policy` and `agents`"))
      return nil
    }
    return .pattern(policy: policy, agents: agents)
  }

  private mutating func bound(_ fields: Fields, _ key: String, isEnd: Bool) -> Timestamp? {
    guard fields.node(key) != nil else {
      problems.append(document.problem(fields.place, "`\(key)` is missing"))
      return nil
    }
    guard let text = fields.text(key, problems: &problems) else { return nil }
    if let time = Timestamp(bound: text, isEnd: isEnd) { return time }
    problems.append(
      document.problem(
        fields.place(of: key),
        "`\(key)` must be a date or an RFC 3339 time with a zone, not `\(text.prefix(60))`"))
    return nil
  }
}
