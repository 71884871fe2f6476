internal import Model

extension Source {
  /// An inventory of identities as a table: who owns each, what it is for, when it ends.
  static let inventoryCSV = Source(
    name: "inventory-csv",
    summary: "an inventory of identities as CSV: id, owner, team, purpose, environment, expiry",
    recognise: { sketch in
      guard case .csv = sketch.form, let columns = InventoryColumns(sketch.names) else {
        return nil
      }
      let shown = columns.names.prefix(4).map { quoted($0) }.joined(separator: ", ")
      return "has the columns \(shown)"
    },
    layout: inventoryLayout,
    read: { input, sketch, reading in
      guard let columns = InventoryColumns(sketch.names) else { return }
      let document = JSONDocument()
      readRecords(input, inventoryLayout(sketch), into: &reading) { reading, record in
        switch document.parse(record.bytes) {
        case .failed(let code): reading.refuse(code, record)
        case .value(let root, let repairs):
          reading.noteRepairs(repairs, line: record.line)
          readInventoryRow(RecordFields(root, line: record.line), columns, &reading)
        }
      }
    })

  @Sendable private static func inventoryLayout(_ sketch: Sketch) -> RecordLayout {
    guard case .csv(let separator) = sketch.form else { return .lines }
    return .csv(separator: separator)
  }
}

/// What the columns of an inventory mean: the usual words for each, without regard to case, spaces
/// and punctuation.
struct InventoryColumns {
  /// What a column says of an identity.
  enum Meaning: CaseIterable {
    case id, name, kind, owner, team, sponsor, purpose, environment, criticality, created, expires
    case aliases

    /// Words for ids that only a table of identities has.
    static let exactIDs = [
      "identityid", "agentid", "identity", "principal", "principalid", "arn", "serviceaccount",
      "serviceaccountid", "serviceprincipal", "clientid", "appid", "nhi", "agent",
    ]

    /// The words that mean it, in lower case and without spaces and punctuation; the first one that
    /// a table has counts.
    fileprivate var words: [String] {
      switch self {
      case .id: return Meaning.exactIDs + ["id", "accountid", "account", "username"]
      case .name: return ["name", "displayname", "title", "identityname", "agentname", "label"]
      case .kind: return ["kind", "type", "identitytype", "agenttype"]
      case .owner:
        return ["owner", "ownedby", "owneremail", "accountableowner", "responsible", "contact"]
      case .team: return ["team", "owningteam", "ownerteam", "group", "department", "squad"]
      case .sponsor: return ["sponsor", "businessowner", "executivesponsor"]
      case .purpose: return ["purpose", "description", "usecase", "justification", "reason"]
      case .environment: return ["environment", "env"]
      case .criticality: return ["criticality"]
      case .created: return ["created", "createdat", "createdon", "creationdate", "datecreated"]
      case .expires:
        return [
          "expires", "expiry", "expiration", "expirydate", "expirationdate", "expiresat",
          "expireson", "validuntil", "enddate", "reviewby",
        ]
      case .aliases:
        return ["aliases", "alias", "othernames", "alsoknownas", "otherids", "loggedas"]
      }
    }
  }

  /// The column of each meaning, by the name that it has in the table.
  private let columns: [Meaning: String]
  /// The names of the columns that are understood, in the order of the table.
  let names: [String]

  /// The columns of a table; nil where it is no inventory of identities: where nothing is an id, or
  /// too little is said about its rows for them to be identities.
  init?(_ header: [String]) {
    var columns: [Meaning: String] = [:]
    var words: [Meaning: String] = [:]
    // A dot in a name would make an object of the cells below it.
    let named = header.filter { !$0.contains(".") }.map { ($0, InventoryColumns.folded($0)) }
    for meaning in Meaning.allCases {
      for word in meaning.words where columns[meaning] == nil {
        guard let found = named.first(where: { $0.1 == word }) else { continue }
        columns[meaning] = found.0
        words[meaning] = word
      }
    }
    guard let id = words[.id] else { return nil }
    let isOwned = [Meaning.owner, .team, .sponsor].contains { columns[$0] != nil }
    // What any list of tickets has, too, says nothing of identities.
    let facts = [Meaning.purpose, .environment, .expires, .criticality, .aliases].count {
      words[$0] != nil && words[$0] != "description" && words[$0] != "reason"
    }
    let isExact = Meaning.exactIDs.contains(id)
    guard isExact ? facts + (isOwned ? 1 : 0) >= 2 : isOwned && facts >= 2 else { return nil }
    self.columns = columns
    let used = Set(columns.values)
    names = header.filter { used.contains($0) }
  }

  /// The name of the column with a meaning.
  subscript(_ meaning: Meaning) -> String? { columns[meaning] }

  private static func folded(_ name: String) -> String {
    String(name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic })
  }
}

private func readInventoryRow(
  _ row: RecordFields, _ columns: InventoryColumns, _ reading: inout Reading
) {
  func text(_ meaning: InventoryColumns.Meaning, _ reading: inout Reading) -> String? {
    columns[meaning].flatMap { row.text($0, &reading) }.flatMap { text in
      let trimmed = text.trimmed(of: " \t")
      return trimmed.isEmpty ? nil : trimmed
    }
  }
  guard let id = text(.id, &reading) else {
    let name = columns[.id] ?? "id"
    reading.problem(line: row.line, "\(quoted(name)) is empty", "not read")
    return
  }
  var agent = Agent(id: id)
  agent.position = reading.position(row.line)
  agent.name = text(.name, &reading)
  let team = text(.team, &reading)
  agent.owner = text(.owner, &reading) ?? team
  agent.sponsor = text(.sponsor, &reading)
  agent.purpose = text(.purpose, &reading)
  agent.environment = text(.environment, &reading)
  agent.criticality = text(.criticality, &reading)
  agent.created = columns[.created].flatMap { row.date($0, endOfDay: false, &reading) }
  agent.expires = columns[.expires].flatMap { row.date($0, endOfDay: true, &reading) }
  if let name = columns[.aliases] {
    agent.aliases = row.texts(name, &reading).flatMap { listed($0) }
  }
  if let word = text(.kind, &reading) {
    agent.kind = AgentKind(rawValue: word.lowercased().replacing(" ", with: "-"))
    if agent.kind == nil {
      agent.attributes.append(NamedValue(name: "type", value: word))
    }
  }
  if let team, agent.owner != team {
    agent.attributes.append(NamedValue(name: "team", value: team))
  }
  agent.attributes += row.attributes(except: columns.names, &reading)
  agent.attributes.sort { ($0.name, $0.value) < ($1.name, $1.value) }
  reading.agents.append(AgentRecord(agent: agent, rank: .inventory))
}

/// The parts of a cell that holds several: apart by semicolons, bars, line ends, or else by commas.
private func listed(_ text: String) -> [String] {
  let strong: Set<Character> = [";", "|", "\n", "\r\n"]
  let parts = text.split { strong.contains($0) }
  let pieces = parts.count > 1 ? parts : text.split(separator: ",")
  return pieces.map { $0.trimmed(of: " \t\r\n") }.filter { !$0.isEmpty }
}

extension RecordFields {
  /// A time, or a day of which the first or last instant in UTC is meant: `2026-12-31`,
  /// `31.12.2026`, `31/12/2026`; of two numbers that both may be a month it is not known which is.
  func date(_ name: String, endOfDay: Bool, _ reading: inout Reading) -> Timestamp? {
    guard let text = node(name)?.scalarText?.trimmed(of: " \t"), !text.isEmpty else { return nil }
    let never: Set<String> = ["never", "none", "n/a", "na", "-", "no expiry"]
    if never.contains(text.lowercased()) { return nil }
    if let time = Timestamp(rfc3339: text) { return time }
    if let day = InventoryDay(text) {
      return Timestamp(rfc3339: "\(day.text)T\(endOfDay ? "23:59:59" : "00:00:00")Z")
    }
    if let integer = node(name)?.number?.integer, integer > 9_999_999,
      let time = Timestamp(milliseconds: integer)
    {
      return time
    }
    reading.problem(
      line: line,
      "\(quoted(name)) \(quoted(text)) is no day (such as 2026-12-31) and no time with a zone",
      "taken as absent")
    return nil
  }
}

/// A calendar day as tables write it.
struct InventoryDay {
  /// The day as `2026-12-31`.
  let text: String

  /// Reads year, month and day in this order, or day, month and year, or month, day and year where
  /// only one of them can be meant.
  init?(_ text: String) {
    let parts = text.split { ".-/".contains($0) }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3, parts.count == 3 else { return nil }
    let (year, month, day): (Int, Int, Int)
    if parts[0].count == 4 {
      (year, month, day) = (numbers[0], numbers[1], numbers[2])
    } else if parts[2].count == 4 {
      let isDotted = text.contains(".")
      let isDayFirst = isDotted || numbers[0] > 12 || numbers[0] == numbers[1]
      guard isDayFirst || numbers[1] > 12 else { return nil }
      year = numbers[2]
      (month, day) = isDayFirst ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
    } else {
      return nil
    }
    guard (1...12).contains(month), (1...31).contains(day), (1970...2260).contains(year) else {
      return nil
    }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    self.text = "\(year)-\(two(month))-\(two(day))"
    guard Timestamp(rfc3339: "\(self.text)T00:00:00Z") != nil else { return nil }
  }
}
