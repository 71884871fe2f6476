internal import Model

extension Source {
  /// The audit log of a GitHub organisation or enterprise: exported, asked for or streamed.
  static let gitHubAudit = log(
    GitHubAudit.self, name: "github-audit",
    summary: "the audit log of a GitHub organisation or enterprise: exports, API answers, streams",
    under: [], fields: "`action`, `created_at` and `_document_id`"
  ) { record, prefix in
    let isTimed = record.has("@timestamp", .other) || record.has("created_at", .other)
    let hasPlace = ["org", "repo", "business", "actor", "user"].contains { record.has($0) }
    return record.has("action", .text) && isTimed && hasPlace
      && (record.has("_document_id", .text) || record.has("@timestamp", .other))
  }
}

/// Reads events of GitHub's audit log, as "Audit log events for your organization" and
/// "Identifying audit log events performed by an access token" on docs.github.com describe them.
///
/// Who acts: a workflow in the events of its jobs, an app as its bot, a token or a deploy key as an
/// identity of its own beside the person whose it is, else the person. What nobody did, GitHub did.
struct GitHubAudit: LogFormat {
  enum Slot: Int, LogSlot {
    case action, actor, isBot, document, timestamp, created
    case org, business, repo, repository, team, user
    case accessType, tokenID, hashedToken
    case run, workflow, conclusion, request

    var path: String {
      switch self {
      case .action: return "action"
      case .actor: return "actor"
      case .isBot: return "actor_is_bot"
      case .document: return "_document_id"
      case .timestamp: return "@timestamp"
      case .created: return "created_at"
      case .org: return "org"
      case .business: return "business"
      case .repo: return "repo"
      case .repository: return "repository"
      case .team: return "team"
      case .user: return "user"
      case .accessType: return "programmatic_access_type"
      case .tokenID: return "token_id"
      case .hashedToken: return "hashed_token"
      case .run: return "workflow_run_id"
      case .workflow: return "job_workflow_ref"
      case .conclusion: return "conclusion"
      case .request: return "request_id"
      }
    }
  }

  private typealias Log = LogRecord<Slot>

  /// What acted, beside the one who is named as the actor.
  private enum Acting {
    case workflow(LogText)
    case token
    case app
    case person
    case gitHub
  }

  private var times = LogTimes()
  private let scratch = TextScratch()

  mutating func begin() {}

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    guard let name = record[.action] else { return reading.missing(.action, in: record) }
    guard let time = times.time(of: record, .timestamp, .created, &reading) else { return }
    scratch.clear()
    scratch.append("github:")
    scratch.append(name)
    let action = reading.symbols.intern(scratch.text)
    let acting = acting(record)
    let agent = agent(acting, record, &reading.symbols)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: action,
      position: reading.position(record.line))
    event.outcome = GitHubAudit.outcome(name, record)
    if reading.isFirstSight(of: agent) { note(agent, acting, record, &reading) }
    reading.append(
      event, id: record[.document], resource: resource(record), request: record[.request],
      of: record
    ) { event, reading in
      switch acting {
      case .workflow, .token: event.actor = reading.symbol(record[.actor])
      case .app, .person, .gitHub: break
      }
      event.session = session(record, &reading.symbols)
    }
  }

  private func acting(_ record: LogRecord<Slot>) -> Acting {
    if let workflow = record[.workflow] {
      return .workflow(workflow.before(first: UInt8(ascii: "@")))
    }
    let actor = record[.actor]
    if actor?.ends(with: "[bot]") == true || record[isTrue: .isBot] { return .app }
    if let type = record[.accessType],
      record[scalar: .tokenID] != nil
        || record[.hashedToken] != nil
    {
      // A key for SSH is how people push from their machines, unless it belongs to a repository.
      if !type.begins(with: "SSH") { return .token }
    }
    return actor == nil ? .gitHub : .person
  }

  /// Names a workflow by its file, a token under the person or place that it belongs to.
  private func agent(
    _ acting: Acting, _ record: LogRecord<Slot>, _ symbols: inout Symbols
  ) -> Symbol {
    switch acting {
    case .workflow(let file): return symbols.intern(file)
    case .app, .person:
      return record[.actor].map { symbols.intern($0) } ?? symbols.intern("github")
    case .gitHub: return symbols.intern("github")
    case .token:
      scratch.clear()
      if let owner = record[.actor] ?? record[.repo] ?? record[.org] { scratch.append(owner) }
      scratch.append("/tokens/")
      if let token = record[scalar: .tokenID] ?? record[.hashedToken] {
        scratch.append(token)
      }
      return symbols.intern(scratch.text)
    }
  }

  private func session(_ record: LogRecord<Slot>, _ symbols: inout Symbols) -> Symbol {
    guard let run = record[scalar: .run] else { return .absent }
    scratch.clear()
    scratch.append("workflow run ")
    scratch.append(run)
    return symbols.intern(scratch.text)
  }

  /// What was acted on: the narrowest place that the event names.
  private func resource(_ record: LogRecord<Slot>) -> LogText? {
    record[.repo] ?? record[.repository] ?? record[.team] ?? record[.org] ?? record[.business]
      ?? record[.user]
  }

  /// An event is written when something was done; few say that it was refused or went wrong.
  private static func outcome(_ action: LogText, _ record: LogRecord<Slot>) -> Outcome {
    if action.ends(with: ".rejected_ref_update") { return .denied }
    if action.ends(with: "failed_login") || action.ends(with: "_failed") { return .failed }
    guard let conclusion = record[.conclusion] else { return .allowed }
    let isBad =
      conclusion.equals("failure") || conclusion.equals("timed_out")
      || conclusion.equals("startup_failure")
    return isBad ? .failed : .allowed
  }

  private func note(
    _ symbol: Symbol, _ acting: Acting, _ record: LogRecord<Slot>, _ reading: inout Reading
  ) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    let type: String
    switch acting {
    case .workflow:
      agent.kind = .workload
      type = "GitHubWorkflow"
    case .app:
      agent.kind = .workload
      type = "GitHubApp"
    case .token:
      agent.kind = .serviceAccount
      type = "GitHubToken"
      if let kind = record[.accessType]?.string, let owner = record[.actor]?.string {
        agent.name = "\(kind) of \(owner)"
      }
    case .person:
      agent.kind = .user
      type = "GitHubUser"
    case .gitHub:
      agent.kind = .workload
      type = "PlatformService"
    }
    agent.attributes = [NamedValue(name: "principalType", value: type)]
    if let kind = record[.accessType]?.string {
      agent.attributes.append(NamedValue(name: "programmaticAccessType", value: kind))
    }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}
