package import Model

/// What an agent would hold if the advice on it were carried out, in its platform's language.
///
/// Nothing is granted that was not: actions that were used stay, narrowed where the log says to
/// what; actions whose use cannot be seen stay as they are; what was never used goes.
package struct Proposal: Sendable, Equatable {
  /// The language of a text.
  package enum Platform: String, Sendable, CaseIterable {
    case aws
    case kubernetes
    /// Everything else: grants in the canonical format, which tool lists can be made from.
    case tools
  }

  /// One text.
  package struct Text: Sendable, Equatable {
    package var platform: Platform
    package var text: String
  }

  package var agent: String
  /// The texts by platform; several of one where it would be larger than the platform allows, none
  /// where nothing stays.
  package var texts: [Text]
  /// What a person has to know before putting it in place, sorted.
  package var notes: [String]
  /// Single actions that stay, and that go.
  package var kept: Int
  package var removed: Int
  /// The grants of the texts as statements.
  package var statements: [Statement]
}
