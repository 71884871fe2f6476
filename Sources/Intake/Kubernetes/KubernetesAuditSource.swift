extension Source {
  /// The audit log of a Kubernetes API server, one event a line or as an EventList.
  static let kubernetesAudit = Source(
    name: "kubernetes-audit",
    summary: "audit events of a Kubernetes API server: one a line, or an EventList",
    recognise: { sketch in
      switch sketch.form {
      case .jsonLines, .jsonDocument:
        guard let prefix = auditPrefix(sketch) else { return nil }
        return prefix.isEmpty
          ? "has `auditID`, `stage` and `verb`" : "has `items` with `auditID`, `stage` and `verb`"
      case .yaml, .csv, .other: return nil
      }
    },
    layout: auditLayout,
    read: { input, sketch, reading in
      var reader = KubernetesAuditReader(reading)
      readRecords(input, auditLayout(sketch), into: &reading) { reading, record in
        reader.read(record, &reading)
      }
    },
    lineReading: { sketch in
      guard case .lines = auditLayout(sketch) else { return nil }
      return { reading in
        var reader = KubernetesAuditReader(reading)
        return { reader.read($0, &$1) }
      }
    })

  /// Where the events stand: at the root, or under `items`.
  private static func auditPrefix(_ sketch: Sketch) -> String? {
    ["", "items."].first { prefix in
      sketch.records.contains { record in
        record.has("\(prefix)auditID", .text) && record.has("\(prefix)stage", .text)
          && record.has("\(prefix)verb", .text)
      }
    }
  }

  @Sendable private static func auditLayout(_ sketch: Sketch) -> RecordLayout {
    if auditPrefix(sketch) == "items." { return .elements(of: ["items"]) }
    guard case .jsonDocument = sketch.form else { return .lines }
    return sketch.records.first?.isList == true ? .elements(of: []) : .roots
  }
}
