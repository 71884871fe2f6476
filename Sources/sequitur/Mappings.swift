internal import Controls
internal import Documents
internal import Findings
internal import Foundation
internal import Intake
internal import Model
internal import Policies
internal import Synchronization

/// Everything that is read from `mappings/`: one mistake in any of it stops the run, named by file,
/// line and column, since a review on half a rule book would look like a whole one.
struct Mappings {
  let themes: Themes
  let vocabulary: VocabularyBuilder
  let policies: [Policy]
  let scoring: Scoring
  let frameworks: [Framework]
  let crosswalk: Crosswalk

  /// Reads all mappings under a root, and further policies of the user.
  init(root: Root, policyPaths: [String], hasShipped: Bool = true) throws {
    do {
      let themes = try readThemes(
        text: root.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
      self.themes = themes
      // What names of actions mean is most of it, and half of the time that a small review takes.
      (vocabulary, scoring) = try sideBySide(
        { try Mappings.readVocabulary(root) }, { try Mappings.readAllScoring(root) })
      policies = try Mappings.readAllPolicies(
        root: root, policyPaths: policyPaths, hasShipped: hasShipped, themes: themes,
        vocabulary: vocabulary)
      // A framework may name a shipped policy that this review does not judge: its file has its name.
      let shipped = try root.files(in: "mappings/policies", endings: [".yaml"]).map {
        String($0.dropFirst("mappings/policies/".count).dropLast(".yaml".count))
      }
      let ids = policies.map(\.id) + shipped
      let files = try root.files(in: "mappings/frameworks", endings: [".yaml"])
      frameworks = try Threads(threads: 2).map(files.count) { number in
        Result {
          try readFramework(
            text: try root.text(files[number]), file: files[number], themes: themes,
            policyIDs: ids)
        }
      }.map { try $0.get() }
      crosswalk = try readCrosswalk(
        text: root.text("mappings/crosswalk.yaml"), file: "mappings/crosswalk.yaml",
        frameworks: frameworks)
    } catch let problems as DocumentProblems {
      throw Failure(problems.text)
    }
  }

  private static func readVocabulary(_ root: Root) throws -> VocabularyBuilder {
    try VocabularyBuilder(
      files: root.files(in: "mappings/vocabulary", endings: [".yaml", ".txt"])
        .map { ($0, try root.text($0)) })
  }

  private static func readAllScoring(_ root: Root) throws -> Scoring {
    var scoring = try readScoring(
      text: root.text("mappings/scoring.yaml"), file: "mappings/scoring.yaml")
    for file in try root.files(in: "mappings/escalation", endings: [".yaml"]) {
      scoring.escalationPaths += try readEscalationPaths(text: try root.text(file), file: file)
    }
    return scoring
  }

  /// Reads input with this vocabulary, keeping the attributes that these policies name.
  ///
  /// - Parameters:
  ///   - from, to: The window that was asked for: events outside it do not count as use.
  ///   - threads: How many threads to read on.
  ///   - isHashed: Whether the digest of each file is made.
  ///   - memory: How much memory events may take; nil for as much as there is.
  func read(
    _ sources: [InputSource], from: Timestamp?, to: Timestamp?, threads: Int, isHashed: Bool,
    memory: MemoryBound?
  ) -> ReviewInput {
    let vocabulary = vocabulary
    let watched = WatchedActions(policies)
    var options = ReadingOptions(vocabulary: vocabulary.emptyVocabulary) {
      vocabulary.meaning(action: $0, description: $1, annotations: $2)
    }
    options.wantedAttributes = wantedAttributes(of: policies)
    // Each piece of the input asks for its own actions, which are mostly those of the others.
    let known = Mutex<[String: Bool]>([:])
    options.watches = { action in
      if let answer = known.withLock({ $0[action] }) { return answer }
      let answer = watched.contains(
        action, meaning: vocabulary.meaning(action: action, description: nil, annotations: []))
      known.withLock { known in
        if known.count < Mappings.knownActionsMax { known[action] = answer }
      }
      return answer
    }
    options.keepsLinks = watched.followsDelegation
    options.activity = ActivityTable.Bounds(
      namesMax: scoring.reach.manyCount, resourcesMax: HeldPrivilege.observedResourcesMax,
      from: from, to: to, names: scoring.reach.resourceNames)
    options.threads = threads
    options.isHashed = isHashed
    options.memory = memory
    return readInput(sources, options)
  }

  /// Actions of which it is remembered whether some policy looks at them.
  private static let knownActionsMax = 1 << 16

  /// The gates of a plan as their text reads.
  func policies(of plan: GatePlan) throws -> [Policy] {
    do {
      return try Mappings.readPolicyFiles(
        plan.gates.map { ("\($0.policy.id).yaml", $0.text) }, themes: themes, vocabulary: vocabulary
      )
    } catch let problems as DocumentProblems {
      throw Failure(problems.text)
    }
  }

  /// The shipped policies and the user's, by id; an id given twice is a mistake.
  private static func readAllPolicies(
    root: Root, policyPaths: [String], hasShipped: Bool, themes: Themes,
    vocabulary: VocabularyBuilder
  ) throws -> [Policy] {
    var files: [(name: String, text: String)] = []
    if hasShipped {
      files = try root.files(in: "mappings/policies", endings: [".yaml"]).map {
        ($0, try root.text($0))
      }
    }
    for path in policyPaths {
      for file in try policyFiles(path) { files.append((file, try readText(file, shownAs: file))) }
    }
    return try readPolicyFiles(files, themes: themes, vocabulary: vocabulary)
  }

  /// The policies of some files, sorted by id; all mistakes of all files are shown together.
  static func readPolicyFiles(
    _ files: [(name: String, text: String)], themes: Themes, vocabulary: VocabularyBuilder
  ) throws -> [Policy] {
    var policies: [Policy] = []
    var problems: [DocumentProblem] = []
    for (name, text) in files {
      do {
        policies += try readPolicies(
          text: text, file: name, themes: themes, capabilities: vocabulary.capabilities)
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw DocumentProblems(problems) }
    policies.sort { ($0.id, $0.file) < ($1.id, $1.file) }
    for (first, second) in zip(policies, policies.dropFirst()) where first.id == second.id {
      throw Failure("\(second.file): policy `\(second.id)` is in \(first.file) already")
    }
    return policies
  }

  /// The policy files that a path means: itself, or a folder's YAML files.
  static func policyFiles(_ path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure("\(path): no such file or folder of policies")
    }
    guard isFolder.boolValue else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }.sorted()
    guard !names.isEmpty else { throw Failure("\(path): no .yaml file in this folder") }
    return names.map { "\(path)/\($0)" }
  }
}
