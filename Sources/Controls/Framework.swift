/// A framework of controls as one of our mapping files gives it: see `mappings/frameworks/`.
///
/// A mapping is an interpretation: each carries its reason in our own words.
package struct Framework: Sendable, Equatable {
  /// The id: the file's name without its ending.
  package var id: String
  package var title: String
  /// The version of the published list.
  package var version: String
  /// The version of our mapping file.
  package var mappingVersion: String
  /// What the list is and where its ids come from, in our words.
  package var note: String
  /// The controls that the evidence of a review bears on, in the framework's order.
  package var controls: [FrameworkControl]
  /// Themes that no control of this framework is about, each with the reason; sorted by theme.
  package var unmapped: [ControlMapping]

  /// Every theme that some control of it maps, sorted.
  package var mappedThemes: [String] {
    Set(controls.flatMap { $0.themes.map(\.theme) }).sorted()
  }
}

/// One control of a framework, and what bears on it.
package struct FrameworkControl: Sendable, Equatable {
  /// The id as published, or ours where the framework gives none.
  package var id: String
  package var title: String
  /// The customer's own id for it, with the reason that it resolves to this one.
  package var citedAs: String?
  package var citedReason: String?
  /// What must be known of an agent before this control says anything about it.
  package var needs: Population
  /// For `needs: none`: why the evidence of a review cannot assess it, and what could.
  package var notAssessedBecause: String?
  /// Themes mapped to it, sorted by theme.
  package var themes: [ControlMapping]
  /// Single policies, or built-in rules, mapped to it; `theme` is the id. Sorted by id.
  package var policies: [ControlMapping]
}

/// Which agents a control can be tested for.
package enum Population: String, Sendable, CaseIterable {
  /// Those whose privileges are known and fully judged: a lower bound is not a test passed.
  case privileges
  /// Those that a log of the window shows, or would show.
  case events
  /// Those with known privileges and such a log.
  case both
  /// Those that an inventory names.
  case inventory
  /// Those whose keys and passwords a source lists.
  case credentials
  /// No agent: the evidence of a review cannot assess the control.
  case none

  /// What a tested agent has, in words that follow `have` or `has`.
  package var words: String {
    switch self {
    case .privileges: return "fully judged privileges"
    case .events: return "a log in the window"
    case .both: return "fully judged privileges and a log in the window"
    case .inventory: return "an entry in an inventory"
    case .credentials: return "keys or passwords that a source lists"
    case .none: return "nothing that could be tested"
    }
  }
}
