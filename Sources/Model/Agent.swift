/// What an identity is. The inventory says it; a source may know it (a role, a user).
package enum AgentKind: String, Sendable, CaseIterable {
  case agent
  case serviceAccount = "service-account"
  case role
  case workload
  case user
}

/// An autonomous agent or other non-human identity as the inventory, or a source, describes it.
///
/// Unknown is nil, never an empty text.
package struct Agent: Sendable, Equatable {
  /// The identity by which privileges and events name it; unique in a review.
  package var id: String
  /// The name for people.
  package var name: String?
  /// What kind of identity it is.
  package var kind: AgentKind?
  /// The accountable person or team.
  package var owner: String?
  /// The person who vouches for it where it differs from the owner.
  package var sponsor: String?
  /// What it is for.
  package var purpose: String?
  /// The environment it belongs to, for example `production` or `staging`.
  package var environment: String?
  /// How much depends on it: the inventory's own word.
  package var criticality: String?
  /// When it was made.
  package var created: Timestamp?
  /// When it must end.
  package var expires: Timestamp?
  /// Other ids by which logs name it.
  package var aliases: [String] = []
  /// Ids of agents that it may delegate to.
  package var mayDelegateTo: [String] = []
  /// Further fields of the inventory, by path, for `agent.<path>` in policies; sorted by path.
  package var attributes: [NamedValue] = []
  /// Where it was read; nil for an agent known only from events.
  package var position: SourcePosition?
  /// Whether an inventory names it; false when only events or privileges do (an orphan).
  package var isInInventory: Bool = true

  /// An agent of which only the id is known.
  package init(id: String) { self.id = id }
}

/// A named text of an input, by its dotted path.
package struct NamedValue: Sendable, Equatable, Hashable {
  /// The dotted path, for example `tags.team`.
  package var name: String
  /// The value as text.
  package var value: String

  /// A named value.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
