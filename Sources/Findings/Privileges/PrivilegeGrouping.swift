internal import Model

/// What of a row of privileges bears on its group, in numbers that `GroupTexts` has the words of:
/// there are millions of rows.
struct GroupedRow {
  /// Rows of the same statement have the same number.
  var via: Int32
  var service: Int32
  var position: SourcePosition
  var actions: Int
  var level: Level
  var usage: HeldPrivilege.Usage
  var advice: CleanupRow.Advice?
  var isConditional: Bool
  var uses: Int
  /// Names of a group stand by falling weight.
  var weight: Double
}

/// The words of grouped rows.
struct GroupTexts {
  private let services: GroupServices
  /// Services that only this agent's rows name.
  private var others: [String] = []
  /// The statement of a number.
  var via: (Int32) -> String = { _ in "" }
  /// What a row is about, by the row's place.
  var action: (Int) -> String = { _ in "" }

  init(services: GroupServices) { self.services = services }

  /// The number of the service of what a row is about.
  mutating func number(of action: String) -> Int32 {
    let service = GroupServices.service(of: action)
    if let known = services.number(of: service) { return known }
    let place = others.firstIndex(of: service) ?? others.count
    if place == others.count { others.append(service) }
    return Int32(truncatingIfNeeded: services.count + place)
  }

  fileprivate func service(_ number: Int32) -> String {
    let place = Int(number) - services.count
    return place < 0 ? services.name(number) : others[place]
  }
}

/// The services of actions as groups call them: what stands before the colon or the dot of an
/// action's name; the whole name where there is none.
struct GroupServices {
  private var numbers: [Int32] = []
  private var names: [String] = []
  private var known: [String: Int32] = [:]

  /// The services of actions by their numbers.
  init(_ actions: [String]) {
    numbers.reserveCapacity(actions.count)
    for action in actions {
      let service = GroupServices.service(of: action)
      let number = known[service] ?? Int32(truncatingIfNeeded: names.count)
      if Int(number) == names.count {
        names.append(service)
        known[service] = number
      }
      numbers.append(number)
    }
  }

  /// How many there are.
  var count: Int { names.count }

  /// The number of an action's service.
  func number(of action: Int) -> Int32 { numbers[action] }

  /// The number of a service; nil where no action is of it.
  func number(of service: String) -> Int32? { known[service] }

  /// The service of a number.
  func name(_ number: Int32) -> String { names[Int(number)] }

  static func service(of action: String) -> String {
    let end = action.utf8.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    return end.map { String(action[..<$0]) } ?? action
  }
}

extension PrivilegeGroup {
  /// What rows of one group have in common.
  private struct Common: Hashable {
    var via: Int32
    var service: Int32
    var level: Level?
    var usage: HeldPrivilege.Usage
    var advice: CleanupRow.Advice?
  }

  /// The groups of some rows, sorted; where they would be more than so many, services and levels are
  /// taken together.
  static func all(of rows: [GroupedRow], most: Int, _ texts: GroupTexts) -> [PrivilegeGroup] {
    groups(of: rows, most: most, texts) ?? groups(of: rows, most: nil, texts) ?? []
  }

  /// Nil where they would be more than so many; without a bound services and levels are taken
  /// together.
  private static func groups(
    of rows: [GroupedRow], most groupsMax: Int?, _ texts: GroupTexts
  ) -> [PrivilegeGroup]? {
    var places: [Common: Int] = [:]
    var groups: [PrivilegeGroup] = []
    var members: [[Int]] = []
    let isFine = groupsMax != nil
    for (number, row) in rows.enumerated() {
      let common = Common(
        via: row.via, service: isFine ? row.service : -1, level: isFine ? row.level : nil,
        usage: row.usage, advice: row.advice)
      let place = places[common] ?? groups.count
      if place == groups.count {
        if let groupsMax, place == groupsMax { return nil }
        places[common] = place
        let key = Key(
          via: texts.via(row.via), service: isFine ? texts.service(row.service) : nil,
          level: common.level, usage: row.usage, advice: row.advice)
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
      groups[place].actions = heaviest(
        members[place], of: rows, most: isFine ? actionsMax : actionsOfManyMax, texts)
    }
    return groups.sorted { $0.key < $1.key }
  }

  /// The names of the heaviest of some rows, by falling weight, then name.
  private static func heaviest(
    _ members: [Int], of rows: [GroupedRow], most: Int, _ texts: GroupTexts
  ) -> [String] {
    // Only rows as heavy as the last one that is named need their names compared.
    let weights = members.map { rows[$0].weight }.sorted(by: >)
    guard let least = weights.prefix(most).last else { return [] }
    let named = members.filter { rows[$0].weight >= least }.map {
      (place: $0, name: texts.action($0))
    }
    let sorted = named.sorted { left, right in
      let (first, second) = (rows[left.place].weight, rows[right.place].weight)
      if first != second { return first > second }
      return left.name == right.name ? left.place < right.place : left.name < right.name
    }
    return sorted.prefix(most).map(\.name)
  }
}
