import Foundation
import TestSupport

/// An estate of many owners whose agents have names that are hard to tell apart: parts of each
/// other, words, markup, escapes. Chains go from owner to owner, and logs name agents of others.
struct OwnerEstate {
  /// One agent, as the inventory has it.
  struct Agent {
    var id: String
    var name: String?
    var owner: String?
  }

  let agents: [Agent]
  private var random: SmallRandom

  static let owners: [String?] = [
    "Platform", "Developer Platform", "Plat", "O'Neil & Søn \"AG\"", "<b>Markup</b>",
    "=cmd|'/c calc'!A1", "support", "Ops\\Team", "../../owners", "not stated",
    "Owner\u{202E}desrever",
    "漢字部", nil,
  ]

  /// Names of agents: each is made with a number, and the number alone is what differs.
  private static let forms = [
    "agent-#", "agent-#-b", "Bot #", "arn:aws:iam::111122223333:role/path/worker-#",
    "x<script>alert(#)</script>", "quote\"#\"quote", "back\\slash-#", "tick`#`", "naïve-#-ünit",
    "sp ace #", "per%cent-#", "amp&amp;-#", "semi;colon,#", "tab\there-#",
  ]

  init(seed: UInt64) {
    random = SmallRandom(seed: seed)
    var agents: [Agent] = []
    for (number, owner) in OwnerEstate.owners.enumerated() {
      for place in 0..<3 {
        let count = number * 3 + place
        let form = OwnerEstate.forms[count % OwnerEstate.forms.count]
        agents.append(
          Agent(
            id: form.replacing("#", with: "\(100 + count)"),
            name: place == 1 ? "Name of <\(200 + count)> & co" : nil, owner: owner))
      }
    }
    self.agents = agents
  }

  /// The inventory, grants and a log, and the policy to judge it by.
  mutating func write(into folder: URL, policy: URL) throws {
    try lines(agents.map(inventory)).write(to: folder.appendingPathComponent("agents.ndjson"))
    try lines(grants()).write(to: folder.appendingPathComponent("privileges.ndjson"))
    try lines(events()).write(to: folder.appendingPathComponent("events.ndjson"))
    try Data(TicketPolicy.text.utf8).write(to: policy)
  }

  private func lines(_ objects: [[String: Any]]) throws -> Data {
    try objects.reduce(into: Data()) { data, object in
      data += try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
      data += [0x0A]
    }
  }

  private func inventory(_ agent: Agent) -> [String: Any] {
    let other = agents[(agents.firstIndex { $0.id == agent.id } ?? 0) % (agents.count - 7) + 7]
    var object: [String: Any] = [
      "agent": agent.id, "kind": "agent", "environment": "production",
      "purpose": "works together with \(other.id), see \(other.owner ?? "nobody")",
      "mayDelegateTo": [other.id], "team": "team of \(agent.id)",
    ]
    object["name"] = agent.name
    object["owner"] = agent.owner
    return object
  }

  private mutating func grants() -> [[String: Any]] {
    agents.flatMap { agent -> [[String: Any]] in
      let other = agents[random.below(agents.count)]
      return ["read_ticket", "vault_read", "post_message", "delete_\(other.id)"].map { action in
        [
          "agent": agent.id, "action": action, "via": "role shared with \(other.id)",
          "resource": "store/\(other.id)/of/\(other.owner ?? "nobody")",
        ]
      }
    }
  }

  /// In each task one agent reads a ticket, another a secret; every third task is one agent's own.
  private mutating func events() -> [[String: Any]] {
    var events: [[String: Any]] = []
    for task in 0..<90 {
      let first = agents[random.below(agents.count)]
      let second = task % 3 == 0 ? first : agents[random.below(agents.count)]
      let third = agents[random.below(agents.count)]
      let hour = String(format: "%02d", task % 24)
      let day = String(format: "%02d", 1 + task / 4)
      for (minute, agent, action) in [
        (0, first, "read_ticket"), (1, second, "vault_read"), (2, first, "post_message"),
      ] {
        events.append([
          "time": "2026-08-\(day)T\(hour):0\(minute):00Z", "id": "e\(task)-\(minute)",
          "agent": agent.id, "task": "T\(task)", "action": action, "delegatedBy": third.id,
          "resource": "queue of \(third.id)",
          "args": ["to": third.name ?? third.id, "owner": third.owner ?? "none"],
        ])
      }
    }
    return events
  }
}
