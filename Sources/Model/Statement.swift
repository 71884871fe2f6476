/// Whether a statement grants or takes away.
package enum Effect: String, Sendable {
  case allow
  case deny
}

/// Which list of an authorisation decision a statement belongs to.
///
/// An action is held when some `identity` statement allows it and every ceiling that is present for
/// the agent allows it too, or some `resource` statement does and the organisation's ceilings allow
/// it; and when no statement of any layer denies it.
package enum StatementLayer: String, Sendable, CaseIterable {
  /// Granted to the agent itself, its groups or its roles.
  case identity
  /// Granted by the resource itself to the agent by name, which no boundary of the agent bounds
  /// (AWS IAM user guide, "Permissions boundaries for IAM entities", resource-based policies).
  case resource
  /// A ceiling on the agent (an AWS permissions boundary).
  case boundary
  /// A ceiling on the account or organisation (an AWS service control policy).
  case organisation
}

/// Where a privilege comes from, for people: the policy, role or group, and its statement.
package struct Origin: Sendable, Hashable {
  /// The grant's own name, for example `policy acme-agent-base` or `group Ops`, or a tool list.
  package var policy: String
  /// The statement inside it: its Sid, else its number from 1, for example `SecretsAll` or `3`.
  package var statement: String?

  /// An origin.
  package init(policy: String, statement: String?) {
    self.policy = policy
    self.statement = statement
  }

  /// Both in one line, for example `policy acme-agent-base, statement SecretsAll`.
  package var text: String {
    guard let statement else { return policy }
    return "\(policy), statement \(statement)"
  }
}

/// One statement of privileges as a source gives it, before it is resolved to what is held.
///
/// Patterns are globs (`*` any run, `?` one character); actions compare without case, resources
/// with case. Exactly one of `actions` / `notActions` and one of `resources` / `notResources` is
/// meaningful: an empty `notActions` means that `actions` rules.
package struct Statement: Sendable, Equatable {
  /// The id of the agent that holds it.
  package var agent: String
  /// Grants or takes away.
  package var effect: Effect
  /// The list of the decision that it belongs to.
  package var layer: StatementLayer = .identity
  /// Which of several ceilings of one layer it belongs to, for example an account or a unit of an
  /// organisation: each of them must allow. Nil where the layer has but one.
  package var tier: String? {
    get { rare?.values.tier }
    set { change { $0.tier = newValue } }
  }
  /// Whether a resource grants it by a policy of its own: then it can only be changed there.
  package var isOfResource = false
  /// The platform whose actions its patterns mean, by the vocabulary's word: `*` of one platform
  /// grants nothing on another. Nil where the source knows of none: then any action is meant.
  package var platform: String?
  /// Action patterns.
  package var actions: [String] = []
  /// Resource patterns; `["*"]` for every resource.
  package var resources: [String] = []
  /// Where it comes from.
  package var origin: Origin
  /// Where it was read.
  package var position: SourcePosition
  /// What few statements have, apart: millions of statements without it are a third smaller.
  private var rare: RareParts?

  /// Every action but these.
  package var notActions: [String] {
    get { rare?.values.notActions ?? [] }
    set { change { $0.notActions = newValue } }
  }
  /// Every resource but these.
  package var notResources: [String] {
    get { rare?.values.notResources ?? [] }
    set { change { $0.notResources = newValue } }
  }
  /// The condition as its source writes it, canonical JSON for AWS; nil when there is none.
  package var condition: String? {
    get { rare?.values.condition }
    set { change { $0.condition = newValue } }
  }
  /// When the grant ends.
  package var expires: Timestamp? {
    get { rare?.values.expires }
    set { change { $0.expires = newValue } }
  }
  /// The tool's description, where the privilege is a tool.
  package var description: String? {
    get { rare?.values.description }
    set { change { $0.description = newValue } }
  }
  /// The tool's annotations (`readOnlyHint`, ...), where it has some; sorted by name.
  package var annotations: [NamedValue] {
    get { rare?.values.annotations ?? [] }
    set { change { $0.annotations = newValue } }
  }

  private mutating func change(_ body: (inout RareParts.Values) -> Void) {
    var values = rare?.values ?? RareParts.Values()
    body(&values)
    rare = values == RareParts.Values() ? nil : RareParts(values)
  }

  /// A statement; the rest is set by the reader.
  package init(agent: String, effect: Effect, origin: Origin, position: SourcePosition) {
    self.agent = agent
    self.effect = effect
    self.origin = origin
    self.position = position
  }
}

/// The parts of a statement that few have; never changed once it is made.
private final class RareParts: Sendable, Equatable {
  struct Values: Sendable, Equatable {
    var tier: String?
    var notActions: [String] = []
    var notResources: [String] = []
    var condition: String?
    var expires: Timestamp?
    var description: String?
    var annotations: [NamedValue] = []
  }

  let values: Values

  init(_ values: Values) { self.values = values }

  static func == (left: RareParts, right: RareParts) -> Bool { left.values == right.values }
}

/// That one identity may act as another (an AWS role's trust policy, `mayDelegateTo`).
package struct Trust: Sendable, Hashable {
  /// The id of the agent that may, or a glob over ids.
  package var from: String
  /// The id of the agent it may act as.
  package var to: String
  /// The condition as its source writes it; nil when there is none.
  package var condition: String?
  /// Where it was read.
  package var position: SourcePosition

  /// A trust relation.
  package init(from: String, to: String, condition: String?, position: SourcePosition) {
    self.from = from
    self.to = to
    self.condition = condition
    self.position = position
  }
}
