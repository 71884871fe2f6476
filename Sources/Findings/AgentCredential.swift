package import Model

/// A credential of an agent with its ages at the review's end.
package struct AgentCredential: Sendable, Equatable {
  /// What the platform's record says.
  package var credential: Credential
  /// Days since it was made or changed for the last time; nil where the platform does not say when.
  package var changedDays: Int?
  /// Days since its last use, or since it was made where it was never used; nil when unknown.
  package var unusedDays: Int?
}
