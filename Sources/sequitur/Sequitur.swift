internal import ArgumentParser
internal import Foundation

/// The command `sequitur`: the only target that knows arguments, paths, environment, exit codes.
@main
struct Sequitur: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sequitur",
    abstract: "Reviews what agents and other non-human identities may do, did, and could chain.",
    version: Sequitur.version,
    subcommands: [
      ReviewCommand.self, ExplainCommand.self, CompareCommand.self, PolicyCommand.self,
      DecisionsCommand.self, SourcesCommand.self,
      VerifyCommand.self, KeygenCommand.self,
    ],
    defaultSubcommand: nil)

  /// The version of the tool; the report schema, the language and the scoring have their own.
  static let version = "0.1.0"

  /// Exit codes are a contract: 0 made, 1 a finding reached `--fail-on`, 2 no judgement.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      complain(failure.text)
      Foundation.exit(2)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let message = fullMessage(for: error)
      if exitCode(for: error).isSuccess {
        print(message)
        Foundation.exit(0)
      }
      complain(message)
      Foundation.exit(2)
    }
  }
}

/// A reason why no judgement could be made; ends the run with exit code 2.
struct Failure: Error {
  /// One or more lines, each naming the file and what was expected.
  var text: String

  /// A failure with its words.
  init(_ text: String) { self.text = text }
}

/// Writes lines to standard error.
func complain(_ text: String) {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let shown = lines.map { String($0).printable }.joined(separator: "\n")
  FileHandle.standardError.write(Data("\(shown)\n".utf8))
}
