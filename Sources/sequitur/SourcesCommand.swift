internal import ArgumentParser
internal import Foundation
internal import Intake
internal import Model

/// `sequitur sources`: the source types, or what each file under a path was recognised as and why.
struct SourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources",
    abstract: "The source types, or what each file under PATH was recognised as, and why.")
  @OptionGroup var root: RootOption
  @Argument(help: "Folders and files to recognise; none lists the types.") var paths: [String] = []

  func run() throws {
    guard !paths.isEmpty else {
      let width = Source.all.map(\.name.count).max() ?? 0
      for source in Source.all {
        print("\(source.name.padding(to: width))  \(source.summary)")
      }
      return
    }
    let mappings = try Mappings(root: Root(option: root.root), policyPaths: [])
    let files = try InputFiles(
      paths: paths, progress: Progress(log: Log(format: .text, isQuiet: true)))
    let input = mappings.read(
      files.sources, from: nil, to: nil,
      threads: ProcessInfo.processInfo.activeProcessorCount, isHashed: false,
      memory: nil)
    for file in input.files {
      let type = file.type ?? "not recognised"
      print("\(file.path): \(type), \(file.recognisedBecause)".printable)
      guard file.type != nil else { continue }
      var gives = [
        counted(file.events, "event"), counted(file.agents, "agent"),
        counted(file.statements, "statement"), counted(file.problems, "problem"),
      ]
      if let first = file.firstEvent, let last = file.lastEvent {
        gives.append("\(first.rfc3339) to \(last.rfc3339)")
      }
      print("  \(gives.joined(separator: ", "))")
    }
    for problem in input.problems {
      let place = problem.line > 0 ? "\(problem.file):\(problem.line)" : problem.file
      print("\(place): \(problem.reason) (\(problem.consequence))".printable)
    }
  }
}
