/// How a control stands by this evidence.
package enum ControlStatus: String, Sendable, CaseIterable {
  case notSatisfied = "not satisfied"
  case partly
  case satisfied
  case notAssessed = "not assessed"
}

/// One control of one framework, judged.
package struct ControlAssessment: Sendable, Equatable {
  /// The framework's id, for example `owasp-nhi-2025`.
  package var framework: String
  /// The control's id as published, for example `NHI5:2025`.
  package var id: String
  package var title: String
  /// The customer's own id for it, for example `NHI-04`, with the reason it resolves to this one.
  package var citedAs: String?
  package var citedReason: String?
  package var status: ControlStatus
  /// Why this status, with its numbers.
  package var reason: String
  /// Agents that could be tested, of all.
  package var tested: Int
  package var of: Int
  /// Ids of the findings that map to it, in the review's order.
  package var findings: [String]
  /// The themes mapped to it, each with the reason of the mapping, sorted by theme.
  package var mappings: [ControlMapping]
}

/// Why a theme or a single policy bears on a control.
package struct ControlMapping: Sendable, Equatable {
  /// A theme, or a policy's id.
  package var theme: String
  package var reason: String
}

/// A framework as it was applied.
package struct FrameworkAssessment: Sendable, Equatable {
  package var id: String
  package var title: String
  package var version: String
  /// The version of our mapping file.
  package var mappingVersion: String
  /// What the list is, where its ids come from, in our words.
  package var note: String
  /// Its controls in the framework's order.
  package var controls: [ControlAssessment]
}
