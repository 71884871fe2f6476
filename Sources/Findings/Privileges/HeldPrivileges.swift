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
    var texts = GroupTexts(services: GroupServices([]))
    var origins: [String: Int32] = [:]
    let grouped = rows.enumerated().map { place, row in
      let next = Int32(truncatingIfNeeded: origins.count)
      let via = origins[row.origin.text] ?? next
      origins[row.origin.text] = via
      return GroupedRow(
        via: via, service: texts.number(of: row.action), position: row.position,
        actions: row.actions, level: row.level, usage: row.usage, advice: row.advice,
        isConditional: row.condition != nil, uses: row.uses, weight: -Double(place))
    }
    texts.via = { number in origins.first { $0.value == number }?.key ?? "" }
    texts.action = { rows[$0].action }
    self.init(
      groups: PrivilegeGroup.all(of: grouped, most: .max, texts), count: rows.count
    ) { most in
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
}
