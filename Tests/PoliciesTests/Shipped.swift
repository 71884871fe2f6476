import Documents
import Foundation
import Intake
import Model
import Policies
import TestSupport

/// The shipped policies and vocabulary, and reviews of real input with them.
enum Shipped {
  static let folder = "mappings/policies"

  static func files() throws -> [String] {
    try Project.names(in: folder).filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
  }

  static let vocabulary = Result { () throws -> VocabularyBuilder in
    let folder = "mappings/vocabulary"
    let names = try Project.names(in: folder)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".txt") }
    return try VocabularyBuilder(
      files: names.map { ("\(folder)/\($0)", try Project.text("\(folder)/\($0)")) })
  }

  static let policies = Result { () throws -> [Policy] in
    let themes = try readThemes(
      text: Project.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
    let capabilities = try vocabulary.get().capabilities
    return try files().flatMap { file in
      try readPolicies(
        text: Project.text(file), file: file, themes: themes, capabilities: capabilities)
    }
  }

  /// Reads sources as a review with the shipped policies does.
  static func read(_ sources: [InputSource]) throws -> ReviewInput {
    let builder = try vocabulary.get()
    var options = ReadingOptions(vocabulary: builder.emptyVocabulary) {
      builder.meaning(action: $0, description: $1, annotations: $2)
    }
    options.wantedAttributes = wantedAttributes(of: try policies.get())
    return readInput(sources, options)
  }

  /// Every file below a folder as a source.
  static func sources(below folder: URL) throws -> [InputSource] {
    let paths =
      FileManager.default.enumerator(atPath: folder.path)?
      .compactMap { $0 as? String }.sorted() ?? []
    return try paths.compactMap { path in
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      if isFolder.boolValue { return nil }
      return InputSource(path: path, bytes: [UInt8](try Data(contentsOf: url)))
    }
  }
}

/// One judgement in words that tests compare.
struct Judged: Hashable, Comparable, CustomStringConvertible {
  var policy: String
  var status: MatchStatus
  /// The agent of the completing event, without its account.
  var agent: String

  init(_ match: Match, _ policies: [Policy], _ input: ReviewInput) {
    policy = policies[match.policy].id
    status = match.status
    let last = match.chain.last.map { input.table.events[$0.event].agent } ?? .absent
    agent = input.symbols.text(last).split(separator: "/").last.map(String.init) ?? ""
  }

  var description: String { "\(policy) \(status.rawValue) \(agent)" }

  static func < (left: Judged, right: Judged) -> Bool { left.description < right.description }
}
