package import Model

/// What one agent holds, row by row.
///
/// Rows are made when they are asked for: those of a large estate would take more memory than all
/// else. What reports need of all of them at once, the groups, is made once.
package struct HeldPrivileges: Sendable, Equatable, Sequence {
  private let make: @Sendable (_ most: Int?) -> [HeldPrivilege]
  /// The privileges by the statement that grants them, sorted by statement, service, level, use,
  /// advice.
  package let groups: [PrivilegeGroup]
  /// How many rows there are.
  package let count: Int

  /// Rows that are there already, heaviest first.
  package init(_ rows: [HeldPrivilege]) {
    let grouped = rows.enumerated().map { place, row in
      GroupedRow(
        via: row.origin.text, position: row.position, action: row.action, actions: row.actions,
        level: row.level, usage: row.usage, advice: row.advice,
        isConditional: row.condition != nil, uses: row.uses, weight: -Double(place))
    }
    self.init(groups: PrivilegeGroup.all(of: grouped, most: .max), count: rows.count) { most in
      Array(rows.prefix(most ?? rows.count))
    }
  }

  init(
    groups: [PrivilegeGroup], count: Int, make: @escaping @Sendable (Int?) -> [HeldPrivilege]
  ) {
    self.groups = groups
    self.count = count
    self.make = make
  }

  /// All rows, by falling hazard x unused reach, then action, then resources.
  package var rows: [HeldPrivilege] { make(nil) }

  /// The first of them, at most so many.
  package func heaviest(_ most: Int) -> [HeldPrivilege] { make(most) }

  /// The rows, one after the other.
  package func makeIterator() -> IndexingIterator<[HeldPrivilege]> { rows.makeIterator() }

  /// Whether nothing is held.
  package var isEmpty: Bool { count == 0 }

  package static func == (left: HeldPrivileges, right: HeldPrivileges) -> Bool {
    left.count == right.count && left.groups == right.groups && left.rows == right.rows
  }
}

/// Privileges of one agent that one statement grants, alike in service, level, use and advice.
package struct PrivilegeGroup: Sendable, Equatable {
  /// The statement, and what the privileges have in common.
  package struct Key: Hashable, Comparable, Sendable {
    /// The statement that grants them.
    package var via: String
    /// The service; nil where the row takes several together.
    package var service: String?
    /// The level; nil where the row takes several together.
    package var level: Level?
    /// What the log says about their use.
    package var usage: HeldPrivilege.Usage
    /// What is advised; nil where nothing is.
    package var advice: CleanupRow.Advice?

    package static func < (left: Key, right: Key) -> Bool { left.order < right.order }

    private var order: (String, String, String, String, String) {
      (via, service ?? "", level?.rawValue ?? "", usage.rawValue, advice?.rawValue ?? "none")
    }
  }

  /// What they have in common.
  package var key: Key
  /// Where the statement stands; where it is written in several places, the first of them.
  package var position: SourcePosition
  /// How many single actions.
  package var count = 0
  /// How many of them hold under a condition that could not be judged.
  package var conditional = 0
  /// Uses in the window, allowed ones.
  package var uses = 0
  /// Names of the actions in the review's order, at most `actionsMax`, or `actionsOfManyMax`.
  package var actions: [String] = []

  /// The most names that a group lists; privileges.csv has all of them.
  package static let actionsMax = 20
  /// The most names of a group that takes several services together.
  package static let actionsOfManyMax = 8

  /// The groups of some rows, sorted; where they would be more than so many, services and levels are
  /// taken together.
  static func all(of rows: [GroupedRow], most: Int) -> [PrivilegeGroup] {
    groups(of: rows, most: most) ?? groups(of: rows, most: nil) ?? []
  }

  /// Nil where they would be more than so many; without a bound services and levels are taken
  /// together.
  private static func groups(of rows: [GroupedRow], most groupsMax: Int?) -> [PrivilegeGroup]? {
    var places: [Key: Int] = [:]
    var groups: [PrivilegeGroup] = []
    var members: [[Int]] = []
    let isFine = groupsMax != nil
    for (number, row) in rows.enumerated() {
      let key = Key(
        via: row.via, service: isFine ? service(of: row.action) : nil,
        level: isFine ? row.level : nil, usage: row.usage, advice: row.advice)
      let place = places[key] ?? groups.count
      if place == groups.count {
        if let groupsMax, place == groupsMax { return nil }
        places[key] = place
        groups.append(PrivilegeGroup(key: key, position: row.position))
        members.append([])
      }
      groups[place].position = min(groups[place].position, row.position)
      groups[place].count += row.actions
      if row.isConditional { groups[place].conditional += row.actions }
      groups[place].uses += row.uses
      members[place].append(number)
    }
    for place in groups.indices {
      let heaviest = members[place].sorted { left, right in
        let (first, second) = (rows[left], rows[right])
        if first.weight != second.weight { return first.weight > second.weight }
        return first.action == second.action ? left < right : first.action < second.action
      }
      groups[place].actions = heaviest.prefix(isFine ? actionsMax : actionsOfManyMax)
        .map { rows[$0].action }
    }
    return groups.sorted { $0.key < $1.key }
  }

  /// The part of an action's name before the colon or the dot; the whole name where there is none.
  private static func service(of action: String) -> String {
    let end = action.firstIndex { $0 == ":" || $0 == "." } ?? action.endIndex
    return String(action[..<end])
  }
}

/// What of a row of privileges bears on its group.
struct GroupedRow {
  var via: String
  var position: SourcePosition
  var action: String
  var actions: Int
  var level: Level
  var usage: HeldPrivilege.Usage
  var advice: CleanupRow.Advice?
  var isConditional: Bool
  var uses: Int
  /// Names of a group stand by falling weight.
  var weight: Double
}
