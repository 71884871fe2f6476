internal import ArgumentParser
internal import Documents
internal import Intake
internal import Model
internal import Policies

/// `sequitur policy`: what a policy author needs beside a review.
struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Lists, shows, checks and tests sequence policies.",
    subcommands: [PolicyList.self, PolicyShow.self, PolicyLint.self, PolicyTest.self])
}

/// Where the mappings are.
struct RootOption: ParsableArguments {
  @Option(help: "The folder that holds mappings/ and templates/.")
  var root: String?
}

/// The policies under a path, or the shipped ones.
private func loadPolicies(
  root option: RootOption, path: String?
) throws -> (policies: [Policy], vocabulary: VocabularyBuilder) {
  let root = try Root(option: option.root)
  guard let path else {
    let mappings = try Mappings(root: root, policyPaths: [])
    return (mappings.policies, mappings.vocabulary)
  }
  do {
    let themes = try readThemes(
      text: root.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
    let vocabulary = try VocabularyBuilder(
      files: root.files(in: "mappings/vocabulary", endings: [".yaml", ".txt"])
        .map { ($0, try root.text($0)) })
    let files = try Mappings.policyFiles(path).map { ($0, try readText($0, shownAs: $0)) }
    let policies = try Mappings.readPolicyFiles(files, themes: themes, vocabulary: vocabulary)
    return (policies, vocabulary)
  } catch let problems as DocumentProblems {
    throw Failure(problems.text)
  }
}

/// `sequitur policy list`.
struct PolicyList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "One line for each shipped policy.")
  @OptionGroup var root: RootOption

  func run() throws {
    let policies = try loadPolicies(root: root, path: nil).policies
    let width = policies.map(\.id.count).max() ?? 0
    for policy in policies {
      let id = policy.id.padding(to: width)
      print("\(id)  \(policy.severity.rawValue.padding(to: 8))  \(policy.title)")
    }
  }
}

/// `sequitur policy show ID`.
struct PolicyShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "A shipped policy as it is written, with its examples.")
  @OptionGroup var root: RootOption
  @Argument(help: "The policy's id.") var id: String

  func run() throws {
    let policies = try loadPolicies(root: root, path: nil).policies
    guard let policy = policies.first(where: { $0.id == id }) else {
      let hint = didYouMean(id, among: policies.map(\.id))
      throw Failure("no policy `\(id.prefix(80))`\(hint)")
    }
    print(try Root(option: root.root).text(policy.file), terminator: "")
  }
}

/// `sequitur policy lint [PATH]`.
struct PolicyLint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Errors and warnings in policies, each with its place.")
  @OptionGroup var root: RootOption
  @Argument(help: "A policy file or a folder of them; default: the shipped ones.") var path: String?

  func run() throws {
    let (policies, vocabulary) = try loadPolicies(root: root, path: path)
    let warnings = lint(policies, vocabulary: vocabulary.emptyVocabulary)
    for warning in warnings { print(warning.text) }
    print("\(counted(policies.count, "policy", "policies")), \(counted(warnings.count, "warning"))")
    if !warnings.isEmpty { throw ExitCode(1) }
  }
}

/// `sequitur policy test [PATH]`.
struct PolicyTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Runs the examples that policies carry.")
  @OptionGroup var root: RootOption
  @Argument(help: "A policy file or a folder of them; default: the shipped ones.") var path: String?

  func run() throws {
    let (policies, vocabulary) = try loadPolicies(root: root, path: path)
    var examples = 0
    var failures: [(String, ExampleFailure)] = []
    for policy in policies {
      examples += policy.examples.count
      failures += runExamples(of: policy, vocabulary: vocabulary.emptyVocabulary)
        .map { (policy.file, $0) }
    }
    for (file, failure) in failures {
      print("\(file):\(failure.line): example `\(failure.example)`: \(failure.reason)")
    }
    print(
      "\(counted(policies.count, "policy", "policies")), \(counted(examples, "example")), "
        + "\(failures.count) not as claimed")
    if !failures.isEmpty { throw ExitCode(1) }
  }
}
