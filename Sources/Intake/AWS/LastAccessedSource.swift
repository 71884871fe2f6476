internal import Model

extension Source {
  /// The answer of `aws iam get-service-last-accessed-details`.
  static let awsLastAccessed = values(
    name: "aws-last-accessed",
    summary:
      "`aws iam get-service-last-accessed-details`: when services and actions were last used",
    recognise: { sketch in
      let isReport = sketch.records.contains { record in
        record.has("ServicesLastAccessed", .array)
          && (record.has("JobStatus", .text)
            || record.has("ServicesLastAccessed.ServiceNamespace", .text))
      }
      return isReport ? "has `ServicesLastAccessed`" : nil
    },
    under: { _ in nil },
    reader: { _ in { readLastAccessed(RecordFields($0, line: $1), &$2) } })
}

/// Reads one report. It is about one identity, which it names only where that used something.
private func readLastAccessed(_ report: RecordFields, _ reading: inout Reading) {
  guard let services = report.node("ServicesLastAccessed"), services.isArray else {
    reading.problem(line: report.line, "`ServicesLastAccessed` is missing", "not read")
    return
  }
  if let status = report.text("JobStatus", &reading), status != "COMPLETED" {
    reading.problem(
      line: report.line, "the report has the status \(quoted(status))", "its job was not finished")
  }
  if report.node("IsTruncated")?.bool == true {
    reading.problem(
      line: report.line, "`IsTruncated` says that the report goes on",
      "services on pages that are not in the input are unknown")
  }
  let elements = services.elements
  let named =
    report.text("agent", &reading)
    ?? elements.lazy.compactMap { $0["LastAuthenticatedEntity"]?.filledText }.first
  guard let agent = named else {
    reading.problem(
      line: report.line, "the report names no identity: nothing was used, or `agent` is missing",
      "not read")
    return
  }
  for service in elements {
    guard let namespace = service["ServiceNamespace"]?.filledText else {
      reading.problem(line: report.line, "`ServiceNamespace` of a service is missing", "not read")
      continue
    }
    let fields = RecordFields(service, line: report.line)
    /// A time that cannot be read is no word of "never".
    func note(_ action: String, _ fields: RecordFields, time: String, by entity: String?) {
      let last = fields.time(time, &reading)
      if last == nil, fields.node(time) != nil { return }
      reading.reportedUses.append(
        ReportedUse(
          agent: report.node("agent")?.filledText ?? entity ?? agent,
          action: "\(namespace):\(action)", last: last, position: reading.position(report.line)))
    }
    let entity = fields.text("LastAuthenticatedEntity", &reading)
    note("*", fields, time: "LastAuthenticated", by: entity)
    for node in fields.node("TrackedActionsLastAccessed")?.elements ?? [] {
      let action = RecordFields(node, line: report.line)
      guard let name = action.text("ActionName", &reading) else {
        reading.problem(line: report.line, "`ActionName` of an action is missing", "not read")
        continue
      }
      let user = action.text("LastAccessedEntity", &reading)
      note(name, action, time: "LastAccessedTime", by: user)
    }
  }
}
