/// That a platform's own report says when an identity last used an action, beside any log.
package struct ReportedUse: Sendable, Equatable {
  /// The id of the agent.
  package var agent: String
  /// The action's name, or `service:*` where the report knows only the service.
  package var action: String
  /// The last use; nil where the report says that there was none in the time it looks back on.
  package var last: Timestamp?
  /// Where it was read.
  package var position: SourcePosition

  /// A use that a report tells.
  package init(agent: String, action: String, last: Timestamp?, position: SourcePosition) {
    self.agent = agent
    self.action = action
    self.last = last
    self.position = position
  }
}
