internal import Model

/// Findings about what an identity proves itself with, and about who acts as it.
extension BuiltInFindings {
  /// Days from which a key is old enough that most who knew it have left or changed their work.
  private static let veryOldDays = 365

  /// One finding for all keys and certificates of an agent that are older than they may be.
  func longLivedCredential(_ agent: Agent) -> Finding? {
    let old = credentials.active(of: agent.id).filter {
      $0.credential.kind != .password
        && ($0.changedDays ?? 0) > credentials.limits.changedDaysMax
    }
    guard !old.isEmpty else { return nil }
    let oldest = old.compactMap(\.changedDays).max() ?? 0
    let each = old.map { aged in
      "\(aged.credential.name) is \(counted(aged.changedDays ?? 0, "day")) old, "
        + lastUse(aged.credential)
    }
    return finding(
      .longLivedCredential,
      severity: oldest > BuiltInFindings.veryOldDays ? .high : .moderate, agents: [agent.id],
      identity: [agent.id],
      because: "\(each.joined(separator: "; ")); \(credentials.limits.changedDaysMax) days is the "
        + "most that the scoring allows")
  }

  /// One finding for all keys of an agent that open something and that nobody uses.
  func unusedCredential(_ agent: Agent) -> Finding? {
    let idle = credentials.active(of: agent.id).filter {
      $0.credential.kind != .password && ($0.unusedDays ?? 0) > credentials.limits.unusedDaysMax
    }
    guard !idle.isEmpty else { return nil }
    let each = idle.map { aged in
      switch aged.credential.lastUse {
      case .never:
        return "\(aged.credential.name) is \(counted(aged.unusedDays ?? 0, "day")) old and was "
          + "never used"
      case .at, .unknown:
        return "\(aged.credential.name) was not used for \(counted(aged.unusedDays ?? 0, "day"))"
      }
    }
    return finding(
      .unusedCredential, severity: .moderate, agents: [agent.id], identity: [agent.id],
      because: "\(each.joined(separator: "; ")); after \(credentials.limits.unusedDaysMax) days "
        + "it is to be switched off")
  }

  /// An identity that agents borrow: what one of them did cannot be told from what another did.
  func sharedIdentity(_ agent: Agent) -> Finding? {
    let assumers = credentials.assumers(of: agent.id).filter { id in
      agents.contains { $0.id == id && $0.kind != .user && !$0.isPlatformService }
    }
    guard assumers.count > 1 else { return nil }
    return finding(
      .sharedIdentity, severity: .moderate, agents: [agent.id], identity: [agent.id],
      because: "\(counted(assumers.count, "agent")) assumed it in the window: "
        + listed(assumers, max: 5))
  }

  /// An identity for programs that a person can be, or was.
  func humanUse(_ agent: Agent) -> Finding? {
    // A platform calls all its users users; whether it is one for programs says the inventory.
    guard let kind = agent.kind, kind != .user, !agent.isPlatformService else { return nil }
    let password = credentials.active(of: agent.id).first { $0.credential.kind == .password }
    let signIns = credentials.signIns(of: agent.id)
    guard password != nil || signIns > 0 else { return nil }
    var because: [String] = []
    if signIns > 0 {
      because.append("somebody signed in as it \(counted(signIns, "time"))")
    }
    if let password {
      because.append("it has a password, \(lastUse(password.credential))")
    }
    return finding(
      .humanUse, severity: signIns > 0 ? .high : .moderate, agents: [agent.id],
      identity: [agent.id],
      because: "the inventory calls it \(kind.rawValue); \(because.joined(separator: "; "))")
  }

  private func lastUse(_ credential: Credential) -> String {
    switch credential.lastUse {
    case .at(let time): return "last used on \(time.rfc3339.prefix(10))"
    case .never: return "never used"
    case .unknown: return "its last use is not known"
    }
  }
}
