internal import Model

extension ReviewCommand {
  /// The command with what its file pins, wherever no flag of the command line says otherwise.
  ///
  /// The name, the window, policies and formats stay in the file: what is wrong with them is said by
  /// where they stand.
  func filled(from file: ReviewFile) -> ReviewCommand {
    var command = self
    if paths.isEmpty { command.paths = file.inputs }
    command.exceptions = exceptions ?? file.exceptions
    if decisions.isEmpty { command.decisions = file.decisions }
    command.failOn = failOn ?? file.failOn.flatMap(Severity.init(rawValue:))
    command.out = out ?? file.out
    command.history = history ?? file.history
    command.memory = memory ?? file.memory
    command.threads = threads ?? file.threads
    command.signKey = signKey ?? file.signKey
    command.pack = pack ?? file.pack
    command.metrics = metrics ?? file.metrics
    command.logFormat = logFormat ?? file.logFormat.flatMap(Log.Format.init(rawValue:))
    command.root.root = root.root ?? file.root
    for key in file.switches {
      if let flag = ReviewCommand.switches[key] { command[keyPath: flag] = true }
    }
    return command
  }

  /// The flags without a value by their keys in the file.
  private static var switches: [String: WritableKeyPath<ReviewCommand, Bool>] {
    [
      "no-history": \.noHistory, "replay": \.replay, "strict": \.strict,
      "show-values": \.showValues, "quiet": \.quiet, "json-summary": \.jsonSummary,
      "no-shipped-policies": \.noShippedPolicies, "no-input-digests": \.noInputDigests,
      "timings": \.timings,
    ]
  }

  /// How it says on standard error what it does.
  var log: Log { Log(format: logFormat ?? .text, isQuiet: quiet) }
}
