/// How much an action can change, in AWS's five words, which fit every platform.
package enum Level: String, Sendable, CaseIterable {
  case list = "List"
  case read = "Read"
  case tagging = "Tagging"
  case write = "Write"
  case permissionsManagement = "Permissions management"
  /// No source says; counted and shown, weighed as Write, never treated as harmless.
  case unknown = "unknown"
}

/// Where a classification comes from, strongest first.
package enum MeaningOrigin: String, Sendable, CaseIterable {
  /// A vocabulary file names the action exactly.
  case named
  /// A pattern of a vocabulary file covers it.
  case pattern
  /// The tool's own annotations: hints, not proof.
  case annotations
  /// Words of its name.
  case nameWords = "name words"
  /// Words of its description.
  case descriptionWords = "description words"
  /// Nothing says what it means.
  case none
}

/// What an action means: how much it can change, and which capabilities it has.
package struct ActionMeaning: Sendable, Equatable {
  /// How much it can change.
  package var level: Level
  /// Capability names, for example `secret.read`, sorted; see `mappings/vocabulary/README.md`.
  package var capabilities: [String]
  /// Where this comes from.
  package var origin: MeaningOrigin
  /// Whether the action can be limited to resources; false for the likes of `ListBuckets`.
  package var takesResource: Bool

  /// A meaning.
  package init(level: Level, capabilities: [String], origin: MeaningOrigin, takesResource: Bool) {
    self.level = level
    self.capabilities = capabilities
    self.origin = origin
    self.takesResource = takesResource
  }

  /// Nothing says what the action means.
  package static let unknown = ActionMeaning(
    level: .unknown, capabilities: [], origin: .none, takesResource: true)
}

/// The meaning of every action of a review, and the catalogue of all actions that platforms have.
package struct Vocabulary: Sendable {
  /// The closed list of capability names, sorted.
  package var capabilities: [String]
  /// Every known action by its name as the platform writes it (`s3:GetObject`), sorted by name
  /// without case: what wildcards in statements expand over.
  package var catalogue: [CatalogueAction]
  /// Meanings of actions that events or statements name, exact name -> meaning. Filled by intake
  /// for every action of the review, tools included.
  package var meanings: [String: ActionMeaning]
  /// The version of the vocabulary files, printed in reports.
  package var version: String
  /// What words say, for actions that no file names and for texts that tell an agent what to do.
  package var words: WordRules

  /// A vocabulary.
  package init(
    capabilities: [String], catalogue: [CatalogueAction], meanings: [String: ActionMeaning],
    version: String, words: WordRules = WordRules()
  ) {
    self.capabilities = capabilities
    self.catalogue = catalogue
    self.meanings = meanings
    self.version = version
    self.words = words
  }

  /// The meaning of an action of the review, `ActionMeaning.unknown` when nothing says.
  package func meaning(of action: String) -> ActionMeaning { meanings[action] ?? .unknown }
}

/// One action that a platform has.
package struct CatalogueAction: Sendable, Equatable {
  /// The name as the platform writes it, for example `s3:GetObject`.
  package var name: String
  /// The platform that has it, by the name of its level table.
  package var platform: String
  /// What it means.
  package var meaning: ActionMeaning

  /// A catalogue action.
  package init(name: String, platform: String, meaning: ActionMeaning) {
    self.name = name
    self.platform = platform
    self.meaning = meaning
  }
}
