/// By which rule a name in one source was taken for an agent, or an id for a task, of another.
package enum JoinRule: String, Sendable, CaseIterable {
  /// The inventory lists the name.
  case alias
  /// A session of a role, `assumed-role/ROLE/SESSION`, acts as its role.
  case roleSession = "role-session"
  /// A role is named without the path that stands before its name.
  case rolePath = "role-path"
  /// A web identity, or a workload identity, of a service account of a cluster.
  case serviceAccount = "service-account"
  /// A SPIFFE id that ends in `/ns/NAMESPACE/sa/NAME`.
  case spiffe
  /// A trace gives an agent's id beside its name.
  case agentID = "agent-id"
  /// A name that one agent of the inventory has, and no other.
  case agentName = "agent-name"
  /// A request has one id in the trace of its caller and in the log of its server.
  case request
  /// An event names a span of a trace.
  case span
  /// An event, or its session, is named after a trace.
  case trace
  /// A session is named after a task.
  case sessionName = "session-name"
  /// The source identity of a session is a task's id.
  case sourceIdentity = "source-identity"
  /// A session was started by a request of the task.
  case credential = "session-started"

  /// What the rule says, as the end of a sentence.
  package var explanation: String {
    switch self {
    case .alias: return "listed among its other names"
    case .roleSession: return "a session of the role acts as the role"
    case .rolePath: return "the same role, named without its path"
    case .serviceAccount: return "the identity of the service account"
    case .spiffe: return "the SPIFFE id of the service account"
    case .agentID: return "the trace gives this id beside the name"
    case .agentName: return "the only agent of the inventory with this name"
    case .request: return "the trace and the log name the same requests"
    case .span: return "the events name a span of the task"
    case .trace: return "named after a trace of the task"
    case .sessionName: return "the session is named after the task"
    case .sourceIdentity: return "the session's source identity is the task's id"
    case .credential: return "the session was started by a request of the task"
    }
  }
}

/// A name that was taken for an agent.
package struct AgentJoin: Sendable, Hashable {
  package var rule: JoinRule
  /// The name as a source has it.
  package var name: String
  /// The agent's id.
  package var agent: String

  /// A name, and whose it is.
  package init(rule: JoinRule, name: String, agent: String) {
    self.rule = rule
    self.name = name
    self.agent = agent
  }
}

/// Events of one source that were taken to serve a task of another.
package struct TaskJoin: Sendable, Hashable {
  package var rule: JoinRule
  /// The id that both have; nil where each event has one of its own.
  package var name: String?
  package var task: String
  /// The type of the source that knows the task; nil where that is any.
  package var knownBy: String?
  /// The type of the source whose events were joined.
  package var source: String
  /// How many of the events that are kept.
  package var events: Int

  /// Joined events.
  package init(
    rule: JoinRule, name: String?, task: String, knownBy: String?, source: String, events: Int
  ) {
    self.rule = rule
    self.name = name
    self.task = task
    self.knownBy = knownBy
    self.source = source
    self.events = events
  }
}

/// How far the clock of one source runs before that of another, as requests tell that both have.
///
/// The server must have acted while its caller waited, so each request bounds the difference from
/// both sides, and all together bound it best.
package struct ClockDifference: Sendable, Hashable {
  /// The type of the source of the callers, whose clock is compared with.
  package var callers: String
  /// The type of the source of the servers.
  package var servers: String
  /// How many requests both have.
  package var requests: Int
  /// The server's clock is ahead of the caller's by at least, and by at most, so many nanoseconds.
  /// Where `atMost` is the smaller one, no one difference fits all requests: the clocks drift.
  package var atLeast: Int64
  package var atMost: Int64

  /// A difference.
  package init(
    callers: String, servers: String, requests: Int, atLeast: Int64, atMost: Int64
  ) {
    self.callers = callers
    self.servers = servers
    self.requests = requests
    self.atLeast = atLeast
    self.atMost = atMost
  }

  /// Whether clocks that agree fit what the requests tell.
  package var isZero: Bool { atLeast <= 0 && atMost >= 0 }
  /// Whether one difference fits all requests.
  package var isSteady: Bool { atLeast <= atMost }
}

/// What was joined across the sources of a review.
package struct Joins: Sendable, Equatable {
  /// Sorted by agent, rule and name.
  package var agents: [AgentJoin] = []
  /// Sorted by task, rule, source and name.
  package var tasks: [TaskJoin] = []
  /// Sorted by callers and servers.
  package var clocks: [ClockDifference] = []

  /// Nothing.
  package init() {}
}
