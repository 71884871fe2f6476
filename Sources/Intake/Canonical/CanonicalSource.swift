/// The three kinds of canonical records.
enum CanonicalKind: Int, CaseIterable {
  case agents, privileges, events

  /// The kind of a record, by its fields.
  static func of(_ has: (String) -> Bool) -> CanonicalKind? {
    guard has("agent") else { return nil }
    if has("action") { return has("time") || has("order") ? .events : .privileges }
    if has("time") || has("order") || has("outcome") { return .events }
    return .agents
  }

  /// The kind of most of the records of a file, where at least half of them have one. Events win:
  /// an event that has lost its time looks like a privilege, and no privilege has a time.
  static func of(_ records: [(String) -> Bool]) -> CanonicalKind? {
    let kinds = records.compactMap { of($0) }
    guard !kinds.isEmpty, kinds.count * 2 >= records.count else { return nil }
    if kinds.contains(.events) { return .events }
    return kinds.contains(.privileges) ? .privileges : .agents
  }
}

extension Source {
  /// Canonical identities.
  static let canonicalAgents = canonical(
    .agents, "the inventory: one object per agent, with owner, purpose and environment")
  /// Canonical grants.
  static let canonicalPrivileges = canonical(
    .privileges, "one object per grant: agent, action, resource, effect")
  /// Canonical actions.
  static let canonicalEvents = canonical(
    .events, "one object per action: time or order, agent, action")

  /// Several kinds of canonical records in one file.
  static let canonicalMixed = Source(
    name: "canonical",
    summary: "agents, privileges and events under keys of these names in one file",
    recognise: { sketch in
      let keys = canonicalKeys(sketch)
      return keys.isEmpty ? nil : "has \(keys.map { quoted($0) }.joined(separator: ", "))"
    },
    layout: mixedLayout,
    read: { input, sketch, reading in
      readCanonical(input, mixedLayout(sketch), kind: nil, &reading)
    })

  @Sendable private static func mixedLayout(_ sketch: Sketch) -> RecordLayout {
    if case .jsonDocument = sketch.form { return .elements(of: CanonicalColumns.kinds) }
    return .yaml(keys: CanonicalColumns.kinds)
  }

  private static func canonical(_ kind: CanonicalKind, _ summary: String) -> Source {
    let layout: @Sendable (Sketch) -> RecordLayout = { sketch in
      switch sketch.form {
      case .csv(let separator): return .csv(separator: separator)
      case .yaml: return .yaml(keys: [])
      case .jsonDocument where sketch.records.first?.isList == true: return .elements(of: [])
      case .jsonDocument: return .roots
      case .jsonLines, .other: return .lines
      }
    }
    return Source(
      name: "canonical-\(CanonicalColumns.kinds[kind.rawValue])", summary: summary,
      recognise: { sketch in
        let records = canonicalRecords(sketch)
        guard CanonicalKind.of(records) == kind else { return nil }
        let first = records.first { $0("agent") }
        let fields =
          switch kind {
          case .agents: CanonicalColumns.agents
          case .privileges: CanonicalColumns.privileges
          case .events: CanonicalColumns.events
          }
        let found = fields.filter { first?($0) == true }
        // One word alone is too little to take any file for an inventory.
        guard found.count > 1 else { return nil }
        return "has \(found.prefix(4).map { quoted($0) }.joined(separator: ", "))"
      },
      layout: layout,
      read: { input, sketch, reading in
        readCanonical(input, layout(sketch), kind: kind, &reading)
      },
      lineReading: { sketch in
        guard case .lines = layout(sketch) else { return nil }
        switch kind {
        case .agents: return nil
        case .privileges:
          return { _ in
            let reader = CanonicalPrivilegeReader()
            return { reader.read($0, &$1) }
          }
        case .events:
          return { reading in
            let reader = CanonicalEventReader(reading)
            return { reader.read($0, &$1) }
          }
        }
      })
  }

  /// The keys of the three kinds that a document has, with objects under them.
  private static func canonicalKeys(_ sketch: Sketch) -> [String] {
    switch sketch.form {
    case .jsonDocument:
      guard let record = sketch.records.first, !record.isList else { return [] }
      return CanonicalColumns.kinds.filter {
        record.has($0, .array) && record.has("\($0).agent", .text)
      }
    case .yaml: return CanonicalColumns.kinds.filter { sketch.names.contains($0) }
    case .jsonLines, .csv, .other: return []
    }
  }

  private static func canonicalRecords(_ sketch: Sketch) -> [(String) -> Bool] {
    switch sketch.form {
    case .jsonLines, .jsonDocument:
      return sketch.records.map { record in
        { name in name == "agent" ? record.has(name, .text) : record.has(name) }
      }
    case .csv:
      let names = sketch.names
      return [{ names.contains($0) }]
    case .yaml: return sketch.elements.map { element in { element.contains($0) } }
    case .other: return []
    }
  }
}

/// Reads records of one kind, or of the kind that their key names.
func readCanonical(
  _ input: InputBytes, _ layout: RecordLayout, kind: CanonicalKind?, _ reading: inout Reading
) {
  let events = CanonicalEventReader(reading)
  let document = JSONDocument()
  readRecords(input, layout, into: &reading) { reading, record in
    guard let kind = kind ?? CanonicalKind(rawValue: record.key - 1) else { return }
    switch kind {
    case .events: events.read(record, &reading)
    case .agents, .privileges: readCanonicalRecord(record, document, kind: kind, &reading)
    }
  }
}
