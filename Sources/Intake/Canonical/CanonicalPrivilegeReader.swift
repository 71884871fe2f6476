internal import CSimdjson
internal import Model

/// Reads canonical privileges, one a line: those of plain texts at once, all others as single
/// records are read, which gives the same.
final class CanonicalPrivilegeReader {
  /// The fields that a plain privilege has, by the index of their path.
  private enum Column: Int {
    case agent, action, resource, effect, via
  }

  private let fields = FieldReader()
  private let document = JSONDocument()

  init() {
    let plain = ["agent", "action", "resource", "effect", "via"]
    for name in plain { _ = fields.add(name) }
    // Whoever has one of the others is not plain.
    for name in CanonicalColumns.privileges where !plain.contains(name) { _ = fields.add(name) }
  }

  /// Reads a block of privileges, one a line; returns how many lines it has.
  func read(_ block: LineBlock, _ reading: inout Reading) -> Int {
    readLines(of: block, fields, into: &reading) { result, record, reading in
      if let statement = plain(result, record, reading) {
        reading.statements.append(statement)
      } else {
        readCanonicalRecord(record, document, kind: .privileges, &reading)
      }
    }
  }

  private func plain(
    _ result: FieldReader.Result, _ record: Record, _ reading: Reading
  ) -> Statement? {
    guard result.code == Int32(SEQUITUR_JSON_OK.rawValue), !result.isRepeated, result.repairs == 0,
      !record.isCutOff
    else { return nil }
    var statement = Statement(
      agent: "", effect: .allow, origin: Origin(policy: "", statement: nil),
      position: reading.position(record.line))
    for field in result.fields {
      guard let column = Column(rawValue: Int(field.path)), field.isString, !field.bytes.isEmpty
      else { return nil }
      switch column {
      case .agent: statement.agent = field.string
      case .action: statement.actions = [field.string]
      case .resource: statement.resources = [field.string]
      case .effect:
        guard let effect = Effect(rawValue: field.string) else { return nil }
        statement.effect = effect
      case .via: statement.origin.policy = field.string
      }
    }
    guard !statement.agent.isEmpty, !statement.actions.isEmpty else { return nil }
    if statement.resources.isEmpty { statement.resources = ["*"] }
    return statement
  }
}
