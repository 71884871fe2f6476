internal import Findings
internal import Model

extension StructuredReport {
  /// The keys and passwords of an agent with their ages, or why none are known.
  func writeCredentials(_ credentials: [AgentCredential]?, to sink: inout Sink) {
    guard let credentials else {
      sink.text("credentialsAbsentBecause", "no source of the review lists keys or passwords of it")
      return
    }
    sink.list("credentials", of: "credential") { sink in
      for credential in credentials { sink.member { write(credential, to: &$0) } }
    }
  }

  private func write(_ aged: AgentCredential, to sink: inout Sink) {
    let credential = aged.credential
    sink.text("name", credential.name)
    sink.text("kind", credential.kind.rawValue)
    sink.flag("isActive", credential.isActive)
    sink.text(
      "changed", credential.changed?.rfc3339, absentBecause: "the platform does not say when")
    if let days = aged.changedDays { sink.integer("changedDays", days) }
    switch credential.lastUse {
    case .at(let time): sink.text("lastUse", time.rfc3339)
    case .never: sink.text("lastUseAbsentBecause", "it was never used")
    case .unknown: sink.text("lastUseAbsentBecause", "the platform did not follow its use")
    }
    if let days = aged.unusedDays { sink.integer("unusedDays", days) }
    writePosition(credential.position, to: &sink)
  }
}
