internal import Model

/// Which accounts are in which units of an organisation, as its lists say it.
struct OrganisationTree: Sendable {
  /// That an account or a unit stands right below a unit or the root.
  struct Placement: Sendable {
    var child: String
    var parent: String
    var position: SourcePosition
  }

  private(set) var placements: [Placement] = []
  /// Units and roots of which something says what is in them, be it nothing.
  private(set) var listed: Set<String> = []
  /// The accounts that manage an organisation, which none of its policies bounds.
  private(set) var managers: Set<String> = []

  /// Notes that a list says what is in a unit.
  mutating func list(_ unit: String) { listed.insert(unit) }

  mutating func place(_ child: String, below parent: String, at position: SourcePosition) {
    listed.insert(parent)
    placements.append(Placement(child: child, parent: parent, position: position))
  }

  mutating func note(manager account: String) { managers.insert(account) }

  /// Adds what another piece of the input has.
  mutating func absorb(_ other: OrganisationTree) {
    placements += other.placements
    listed.formUnion(other.listed)
    managers.formUnion(other.managers)
  }

  /// The accounts in a unit, or in units of it; nil where nothing says what is in it.
  func accounts(in unit: String) -> Set<String>? {
    guard listed.contains(unit) else { return nil }
    let children = Dictionary(grouping: placements, by: \.parent)
    var accounts: Set<String> = []
    var seen: Set = [unit]
    var waiting = [unit]
    while let parent = waiting.popLast() {
      for child in (children[parent] ?? []).map(\.child) {
        if OrganisationTree.isAccount(child) {
          accounts.insert(child)
        } else if seen.insert(child).inserted {
          waiting.append(child)
        }
      }
    }
    return accounts
  }

  /// The accounts of which something says where they are.
  var placed: Set<String> { Set(placements.map(\.child).filter(OrganisationTree.isAccount)) }

  /// Placements of what another list places elsewhere: nothing has two parents at a time.
  var contradictions: [(placement: Placement, other: String)] {
    var parents: [String: String] = [:]
    var found: [(placement: Placement, other: String)] = []
    let ordered = placements.sorted {
      ($0.position.file, $0.position.line, $0.child, $0.parent)
        < ($1.position.file, $1.position.line, $1.child, $1.parent)
    }
    for placement in ordered {
      let known = parents[placement.child]
      if known == nil { parents[placement.child] = placement.parent }
      if let known, known != placement.parent { found.append((placement, known)) }
    }
    return found
  }

  /// Whether an id is an account's: twelve digits.
  static func isAccount(_ id: String) -> Bool {
    id.utf8.count == 12 && id.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

/// Which of the lists of `aws organizations` a record is, in words; nil where it is none.
func organisationList(_ record: JSONSketch) -> String? {
  let kinds = ["ACCOUNT", "ORGANIZATIONAL_UNIT", "ROOT"]
  func areOfTree(_ key: String) -> Bool {
    record.texts["\(key).Type"]?.contains(where: kinds.contains) == true
  }
  if record.has("Accounts.Id", .text), record.has("Accounts.Arn", .text) {
    return "`Accounts` with `Id` and `Arn`"
  }
  if record.has("Children", .array), record.has("ParentId", .text) || areOfTree("Children") {
    return "`Children` of an organisation's unit"
  }
  if record.has("Parents", .array), record.has("ChildId", .text) || areOfTree("Parents") {
    return "`Parents` of an account or a unit"
  }
  if record.has("OrganizationalUnits", .array) { return "`OrganizationalUnits`" }
  return record.has("Organization.MasterAccountId", .text)
    ? "`Organization` with `MasterAccountId`" : nil
}

/// Reads the answer of `list-accounts`, `list-accounts-for-parent`, `list-children`, `list-parents`,
/// `list-organizational-units-for-parent` or `describe-organization` (AWS Organizations API
/// reference, version 2016-11-28); false where it is none of these.
func readOrganisationList(_ fields: RecordFields, _ reading: inout Reading) -> Bool {
  let lists = ["Accounts", "Children", "OrganizationalUnits", "Parents"]
  guard let key = lists.first(where: { fields.node($0)?.isArray == true }) else {
    guard let organisation = fields.node("Organization") else { return false }
    if let manager = organisation["MasterAccountId"]?.filledText {
      reading.account.tree.note(manager: manager)
    } else {
      reading.problem(line: fields.line, "`Organization.MasterAccountId` is missing", "not read")
    }
    return true
  }
  let list = OrganisationList(key: key, fields: fields)
  list.read(&reading)
  return true
}

/// A list of accounts or units. Of whom it is, the answers themselves do not say: newer ones give
/// paths, and of older ones a member of ours says it.
private struct OrganisationList {
  let key: String
  let fields: RecordFields

  func read(_ reading: inout Reading) {
    let isUpwards = key == "Parents"
    let member = isUpwards ? "ChildId" : "ParentId"
    let whose = fields.text(member, &reading)
    if let whose, !isUpwards { reading.account.tree.list(whose) }
    for node in fields.node(key)?.elements ?? [] {
      guard let id = node["Id"]?.filledText else {
        problem("`Id` of one of `\(key)` is missing", "it is not read", &reading)
        continue
      }
      let paths = node["Paths"]?.elements.compactMap(\.filledText) ?? []
      let path = node["Path"]?.filledText.map { [$0] } ?? []
      if !(paths + path).isEmpty {
        for path in paths + path { read(path: path, of: id, &reading) }
      } else if let whose {
        let position = reading.position(fields.line)
        reading.account.tree.place(
          isUpwards ? whose : id, below: isUpwards ? id : whose, at: position)
      } else {
        let reason =
          isUpwards
          ? "nothing says whose parent \(quoted(id)) is: `ChildId` is missing"
          : "nothing says where \(quoted(id)) is: neither a path nor `ParentId`"
        problem(reason, "it is in no unit that is known", &reading)
      }
    }
    if fields.node("NextToken")?.filledText != nil {
      problem(
        "`NextToken` says that the list goes on", "what is on other pages is unknown", &reading)
    }
  }

  /// Reads `o-ORGANISATION/r-ROOT/ou-UNIT/ou-UNIT/ACCOUNT/`; a unit's own path ends with it.
  private func read(path: String, of id: String, _ reading: inout Reading) {
    var parts = path.split(separator: "/").map { String($0) }
    if parts.last != id { parts.append(id) }
    guard parts.count > 2, parts[0].hasPrefix("o-"), parts[1].hasPrefix("r-") else {
      return problem("the path \(quoted(path)) is none of an organisation", "not read", &reading)
    }
    for (parent, child) in zip(parts.dropFirst(), parts.dropFirst(2)) {
      reading.account.tree.place(child, below: parent, at: reading.position(fields.line))
    }
  }

  private func problem(_ reason: String, _ consequence: String, _ reading: inout Reading) {
    reading.problem(line: fields.line, reason, consequence)
  }
}
