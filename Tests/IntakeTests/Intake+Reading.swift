import Foundation
import Intake
import Model
import TestSupport

/// Reads sources with no vocabulary.
func read(
  _ sources: [InputSource], wanted: [String] = [], limits: InputLimits = .standard,
  change: (inout ReadingOptions) -> Void = { _ in }
) -> ReviewInput {
  var options = ReadingOptions(
    vocabulary: Vocabulary(capabilities: [], catalogue: [], meanings: [:], version: "test")
  ) { _, _, _ in .unknown }
  options.wantedAttributes = wanted
  options.limits = limits
  change(&options)
  return readInput(sources, options)
}

/// Reads one text.
func read(_ text: String, as path: String = "input", wanted: [String] = []) -> ReviewInput {
  read([InputSource(path: path, bytes: Array(text.utf8))], wanted: wanted)
}

/// The files of a folder below the fixtures as sources, hidden ones left out.
func fixtures(_ folder: String) throws -> [InputSource] {
  let path = "Tests/IntakeTests/Fixtures/\(folder)"
  return try Project.names(in: path).map {
    InputSource(path: $0, bytes: try Project.bytes("\(path)/\($0)"))
  }
}

/// A file of the shared data as a source.
func source(_ url: URL, as path: String? = nil) throws -> InputSource {
  InputSource(path: path ?? url.lastPathComponent, bytes: [UInt8](try Data(contentsOf: url)))
}

extension ReviewInput {
  /// Everything that was read, as text for golden files.
  var dump: String {
    var lines: [String] = []
    for file in files {
      lines.append(
        "file \(file.path) type=\(file.type ?? "-") because=\(file.recognisedBecause)"
          + " events=\(file.events) agents=\(file.agents) statements=\(file.statements)"
          + " problems=\(file.problems) bytes=\(file.bytes)"
          + " from=\(file.firstEvent?.rfc3339 ?? "-") to=\(file.lastEvent?.rfc3339 ?? "-")")
    }
    lines += agents.map(Self.text)
    lines += statements.map(Self.text)
    for trust in trusts {
      lines.append("trust \(trust.from) -> \(trust.to) if=\(trust.condition ?? "-")")
    }
    for use in reportedUses {
      lines.append("reported \(use.agent) \(use.action) last=\(use.last?.rfc3339 ?? "never")")
    }
    for credential in credentials {
      var last = "\(credential.lastUse)"
      if case .at(let time) = credential.lastUse { last = time.rfc3339 }
      lines.append(
        "credential \(credential.agent) \(credential.name) active=\(credential.isActive) "
          + "changed=\(credential.changed?.rfc3339 ?? "-") last=\(last)")
    }
    for join in joins.agents { lines.append("joined \(join.name) -> \(join.agent) \(join.rule)") }
    for join in joins.tasks {
      lines.append(
        "joined \(join.events) of \(join.source) to \(join.task) of \(join.knownBy ?? "any")"
          + " \(join.rule) \(join.name ?? "-")")
    }
    lines += table.events.map(text)
    for problem in problems {
      lines.append(
        "problem \(problem.file):\(problem.line): \(problem.reason); \(problem.consequence)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Everything that was read and tallied, as text.
  var dumpWithUses: String {
    var lines = [dump, "\(activity.events) events"]
    for day in activity.times.byDay {
      lines.append("day \(day.number) \(day.day.count) \(day.day.first) \(day.day.last)")
    }
    for agent in activity.agents.sorted(by: { symbols.text($0.agent) < symbols.text($1.agent) }) {
      let days = agent.days.map { "\($0.source):\($0.day)" }.sorted()
      lines.append(
        "\(symbols.text(agent.agent)) \(agent.events) \(String(describing: agent.first)) "
          + "\(String(describing: agent.last)) \(agent.sources) \(days)")
    }
    var uses: [String] = []
    activity.forEachUse { agent, action, use in
      let names = use.names.items.map { "\(symbols.text($0.symbol))@\($0.time)" }.sorted()
      let resources = use.resources.items.map { "\(symbols.text($0.symbol))@\($0.time)" }.sorted()
      uses.append(
        "\(symbols.text(agent)) \(symbols.text(action)) \(use.events) \(use.count) "
          + "\(String(describing: use.last)) \(use.days) \(use.unnamed) \(use.sources) "
          + "\(names) \(resources)")
    }
    return (lines + uses.sorted()).joined(separator: "\n")
  }

  private static func text(_ agent: Agent) -> String {
    var parts = ["agent \(agent.id)"]
    func add(_ name: String, _ value: String?) {
      if let value { parts.append("\(name)=\(value)") }
    }
    add("name", agent.name)
    add("kind", agent.kind?.rawValue)
    add("owner", agent.owner)
    add("sponsor", agent.sponsor)
    add("purpose", agent.purpose)
    add("environment", agent.environment)
    add("criticality", agent.criticality)
    add("created", agent.created?.rfc3339)
    add("expires", agent.expires?.rfc3339)
    add("aliases", agent.aliases.isEmpty ? nil : agent.aliases.joined(separator: ","))
    add("mayDelegateTo", agent.mayDelegateTo.isEmpty ? nil : "\(agent.mayDelegateTo)")
    for value in agent.attributes { add("[\(value.name)]", value.value) }
    add("at", agent.position.map { "\($0.file):\($0.line)" })
    if !agent.isInInventory { parts.append("orphan") }
    return parts.joined(separator: " ")
  }

  private static func text(_ statement: Statement) -> String {
    var text = "\(statement.effect.rawValue) \(statement.agent) \(statement.layer.rawValue)"
    if let tier = statement.tier { text += " tier=\(tier)" }
    if statement.isOfResource { text += " of-resource" }
    text += " actions=\(statement.actions) notActions=\(statement.notActions)"
    text += " resources=\(statement.resources) notResources=\(statement.notResources)"
    text +=
      " origin=\(statement.origin.text) at=\(statement.position.file):\(statement.position.line)"
    if let condition = statement.condition { text += " if=\(condition)" }
    if let expires = statement.expires { text += " expires=\(expires.rfc3339)" }
    if let description = statement.description { text += " description=\(description)" }
    for value in statement.annotations { text += " [\(value.name)]=\(value.value)" }
    return text
  }

  private func text(_ event: Event) -> String {
    var parts = ["event \(event.isTimed ? event.time.rfc3339 : "run \(event.run)")"]
    if event.order >= 0 { parts.append("order=\(event.order)") }
    for field in EventField.allCases {
      if let value = symbols.textIfPresent(event.value(field)) {
        parts.append("\(field.word)=\(value)")
      }
    }
    parts.append("outcome=\(event.outcome.word)")
    for attribute in table.attributes(of: event) {
      let name = symbols.text(attribute.path)
      switch attribute.value {
      case .text(let symbol): parts.append("[\(name)]=\(symbols.text(symbol))")
      case .number(let number): parts.append("[\(name)]=\(number)")
      case .bool(let truth): parts.append("[\(name)]=\(truth)")
      case .token(let digest): parts.append("[\(name)]=#\(digest)")
      }
    }
    parts.append("at=\(event.position.file):\(event.position.line)")
    return parts.joined(separator: " ")
  }
}
