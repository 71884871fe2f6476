internal import Model

extension Source {
  /// The credential report of an AWS account.
  static let awsCredentialReport = Source(
    name: "aws-credential-report",
    summary: "`aws iam get-credential-report`: passwords, access keys, their age and last use",
    recognise: { sketch in
      guard case .csv = sketch.form else { return nil }
      let columns = ["arn", "user_creation_time", "access_key_1_active"]
      guard columns.allSatisfy({ sketch.names.contains($0) }) else { return nil }
      return "has \(columns.map { quoted($0) }.joined(separator: ", "))"
    },
    layout: credentialReportLayout,
    read: { input, sketch, reading in
      let document = JSONDocument()
      readRecords(input, credentialReportLayout(sketch), into: &reading) { reading, record in
        switch document.parse(record.bytes) {
        case .failed(let code): reading.refuse(code, record)
        case .value(let root, let repairs):
          reading.noteRepairs(repairs, line: record.line)
          readCredentials(RecordFields(root, line: record.line), &reading)
        }
      }
    })

  @Sendable private static func credentialReportLayout(_ sketch: Sketch) -> RecordLayout {
    guard case .csv(let separator) = sketch.form else { return .csv(separator: 0x2C) }
    return .csv(separator: separator)
  }
}

/// Reads one user of the report, by the columns that the service's guide describes ("Getting
/// credential reports for your AWS account").
private func readCredentials(_ row: RecordFields, _ reading: inout Reading) {
  guard let arn = row.text("arn", &reading) else {
    reading.problem(line: row.line, "`arn` is missing", "not read")
    return
  }
  var agent = Agent(id: arn)
  agent.kind = .user
  agent.name = row.node("user")?.filledText
  agent.created = time(row, "user_creation_time", &reading)
  agent.position = reading.position(row.line)
  reading.agents.append(AgentRecord(agent: agent, rank: .platform))
  note("password", .password, row, active: "password_enabled", &reading) { row, reading in
    (time(row, "password_last_changed", &reading), lastUse(row, "password_last_used", &reading))
  }
  for number in 1...2 {
    let key = "access_key_\(number)"
    note("access key \(number)", .accessKey, row, active: "\(key)_active", &reading) {
      (time($0, "\(key)_last_rotated", &$1), lastUse($0, "\(key)_last_used_date", &$1))
    }
    let certificate = "cert_\(number)"
    note("certificate \(number)", .certificate, row, active: "\(certificate)_active", &reading) {
      (time($0, "\(certificate)_last_rotated", &$1), .unknown)
    }
  }
}

/// Notes a credential that there is: one that is off and was never made is none.
private func note(
  _ name: String, _ kind: Credential.Kind, _ row: RecordFields, active: String,
  _ reading: inout Reading,
  _ dates: (RecordFields, inout Reading) -> (changed: Timestamp?, lastUse: Credential.LastUse)
) {
  guard let arn = row.node("arn")?.filledText, let cell = row.node(active) else { return }
  // A cell that says `true` is a truth value; the root user's password is `not_supported`.
  let isActive: Bool
  let word = cell.text ?? cell.bool.map(String.init) ?? cell.kindWord
  switch word.lowercased() {
  case "true": isActive = true
  case "false", "n/a", "not_supported", "no_information": isActive = false
  default:
    reading.problem(
      line: row.line, "\(quoted(active)) is \(quoted(word)) and neither `true` nor `false`",
      "the \(name) is not read")
    return
  }
  let (changed, lastUse) = dates(row, &reading)
  guard isActive || changed != nil else { return }
  reading.credentials.append(
    Credential(
      agent: arn, kind: kind, name: name, isActive: isActive, changed: changed, lastUse: lastUse,
      position: reading.position(row.line)))
}

/// A time of the report; nil for the words that it has for none.
private func time(_ row: RecordFields, _ column: String, _ reading: inout Reading) -> Timestamp? {
  isWord(row.node(column)?.filledText) ? nil : row.time(column, &reading)
}

private func lastUse(
  _ row: RecordFields, _ column: String, _ reading: inout Reading
) -> Credential.LastUse {
  switch row.node(column)?.filledText?.lowercased() {
  case "n/a": return .never
  case nil, "no_information", "not_supported": return .unknown
  default: return row.time(column, &reading).map { .at($0) } ?? .unknown
  }
}

private func isWord(_ text: String?) -> Bool {
  ["n/a", "no_information", "not_supported", nil].contains(text?.lowercased())
}
