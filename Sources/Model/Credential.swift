/// Something by which an identity proves itself, as a platform's record describes it.
package struct Credential: Sendable, Equatable {
  /// What it is.
  package enum Kind: String, Sendable, CaseIterable {
    /// A key pair that programs send with each call, good until somebody takes it away.
    case accessKey = "access-key"
    /// What a person types to sign in.
    case password
    /// A certificate that signs calls.
    case certificate
  }

  /// The last use that the platform knows of.
  package enum LastUse: Sendable, Equatable {
    case at(Timestamp)
    case never
    /// The platform did not follow it.
    case unknown
  }

  /// The id of the agent that has it.
  package var agent: String
  /// What it is.
  package var kind: Kind
  /// Its name among those of the agent, for example `access key 1`; never the credential itself.
  package var name: String
  /// Whether it opens anything now.
  package var isActive: Bool
  /// When it was made, or changed for the last time; nil where the platform does not say.
  package var changed: Timestamp?
  /// When it was last used.
  package var lastUse: LastUse
  /// Where it was read.
  package var position: SourcePosition

  /// A credential.
  package init(
    agent: String, kind: Kind, name: String, isActive: Bool, changed: Timestamp?, lastUse: LastUse,
    position: SourcePosition
  ) {
    self.agent = agent
    self.kind = kind
    self.name = name
    self.isActive = isActive
    self.changed = changed
    self.lastUse = lastUse
    self.position = position
  }
}
