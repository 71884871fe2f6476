/// The closed lists of fields that the canonical format knows.
enum CanonicalColumns {
  /// Fields of `agents`; any other is an attribute of the agent.
  static let agents = [
    "agent", "aliases", "created", "criticality", "environment", "expires", "kind", "mayDelegateTo",
    "name", "owner", "purpose", "sponsor",
  ]
  /// Fields of `privileges`.
  static let privileges = [
    "action", "agent", "annotations", "condition", "description", "effect", "expires", "resource",
    "via",
  ]
  /// Fields of `events` that an event has a place for; any other is an attribute where wanted.
  static let events = [
    "time", "order", "agent", "action", "id", "task", "session", "resource", "outcome", "actor",
    "delegatedBy", "parent", "environment",
  ]
  /// Fields that hold several texts.
  static let lists = ["aliases", "labels", "mayDelegateTo"]
  /// The keys of a file that holds several kinds.
  static let kinds = ["agents", "privileges", "events"]
}
