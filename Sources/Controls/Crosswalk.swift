/// Which controls of which frameworks speak of the same thing: see `mappings/crosswalk.yaml`.
package struct Crosswalk: Sendable, Equatable {
  /// The id of the file's content.
  package var id: String
  /// The version of the file.
  package var version: String
  /// The framework in which every concept has a control, so that all lists meet there.
  package var hub: String
  /// What it is, in our words.
  package var note: String
  /// The concepts in the file's order.
  package var concepts: [Concept]

  /// One thing that several lists speak of.
  package struct Concept: Sendable, Equatable {
    /// A word for it.
    package var id: String
    package var title: String
    /// What the lists have in common, in our words.
    package var because: String
    /// Ids of controls by framework, sorted by framework; the ids in the file's order.
    package var controls: [FrameworkControls]
  }

  /// Controls of one framework.
  package struct FrameworkControls: Sendable, Equatable {
    package var framework: String
    package var ids: [String]
  }
}

extension Crosswalk.Concept {
  /// The ids of a framework's controls; empty where the framework has none for it.
  package func ids(of framework: String) -> [String] {
    controls.first { $0.framework == framework }?.ids ?? []
  }
}
