/// Splits the catalogue into sets of actions of which exactly the same statements speak.
///
/// It is used for one agent after the other: what it writes down for one is wiped by what is taken
/// out, so that the cost follows what the statements name and not the size of the catalogue.
struct ActionPartition {
  /// Actions of which the same statements speak.
  struct Member {
    /// Indices of statements, rising.
    var speaking: [Int]
    /// Action numbers, rising.
    var actions: [Int]
  }

  /// The set of each action; 0 for those of which no statement speaks.
  private var labels: [Int32]
  private var touched: [Int32] = []
  /// By set: the statements, the last of them, and what the set became under the latest statement.
  private var speaking: [[Int]] = [[]]
  private var last: [Int] = [-1]
  private var became: [(statement: Int, label: Int32)] = [(-1, 0)]
  /// Lists of one number, shared by all that hold one: most sets are of one action by one statement.
  private var single: [[Int]]

  init(count: Int) {
    labels = Array(repeating: 0, count: count)
    single = Array(repeating: [], count: count)
  }

  /// Notes that a statement speaks of some actions, after those before it.
  mutating func refine(by actions: some Sequence<Int>, statement: Int) {
    for action in actions {
      let old = Int(labels[action])
      if old == 0 {
        touched.append(Int32(action))
      } else if last[old] == statement {
        continue
      }
      if became[old].statement != statement {
        became[old] = (statement, Int32(speaking.count))
        speaking.append(old == 0 ? list(of: statement) : speaking[old] + [statement])
        last.append(statement)
        became.append((-1, 0))
      }
      labels[action] = became[old].label
    }
  }

  private mutating func list(of number: Int) -> [Int] {
    guard single.indices.contains(number) else { return [number] }
    if single[number].isEmpty { single[number] = [number] }
    return single[number]
  }

  /// The sets in order of their statements; afterwards no statement has spoken of anything.
  mutating func takeMembers() -> [Member] {
    var actions = [[Int]](repeating: [], count: speaking.count)
    touched.sort()
    for action in touched {
      let label = Int(labels[Int(action)])
      labels[Int(action)] = 0
      if actions[label].isEmpty {
        actions[label] = list(of: Int(action))
      } else {
        actions[label].append(Int(action))
      }
    }
    var members: [Member] = []
    for label in actions.indices where !actions[label].isEmpty {
      members.append(Member(speaking: speaking[label], actions: actions[label]))
    }
    touched.removeAll(keepingCapacity: true)
    speaking = [[]]
    last = [-1]
    became = [(-1, 0)]
    members.sort { $0.speaking.lexicographicallyPrecedes($1.speaking) }
    return members
  }

  /// Adds further sets, joining those of the same statements.
  static func add(_ others: [Member], to members: inout [Member]) {
    var places: [[Int]: Int] = [:]
    for (place, member) in members.enumerated() { places[member.speaking] = place }
    for other in others where !other.speaking.isEmpty {
      if let place = places[other.speaking] {
        members[place].actions = (members[place].actions + other.actions).sorted()
      } else {
        places[other.speaking] = members.count
        members.append(other)
      }
    }
    members.sort { $0.speaking.lexicographicallyPrecedes($1.speaking) }
  }
}
