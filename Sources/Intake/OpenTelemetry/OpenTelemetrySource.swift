extension Source {
  /// Traces of agents in OpenTelemetry's protocol as JSON: documents, or one export request a line
  /// as the collector's file exporter writes them.
  static let openTelemetry = Source(
    name: "otel-genai",
    summary: "traces of agents as OTLP JSON: one document, or one export request a line",
    recognise: { sketch in
      guard let shape = OpenTelemetryShape(sketch) else { return nil }
      switch shape {
      case .spans: return "has `resourceSpans` with `traceId` and `spanId`"
      case .logs: return "has `resourceLogs` with `traceId` and `gen_ai` events"
      }
    },
    layout: { .spans(inLines: OpenTelemetryShape.isLines($0)) },
    read: { input, sketch, reading in
      let reader = TraceReader(&reading)
      let layout: RecordLayout =
        OpenTelemetryShape.isLines(sketch)
        ? .lines : .elements(of: OpenTelemetryShape.lists)
      readRecords(input, layout, into: &reading) { reading, record in
        reader.read(record, &reading)
      }
      reader.finish(&reading)
    })
}

/// What an input of OpenTelemetry's protocol holds.
enum OpenTelemetryShape {
  case spans
  /// Records of a log, with the messages of agents.
  case logs

  /// The lists that are read entry by entry.
  static let lists = ["resourceSpans", "resourceLogs"]

  init?(_ sketch: Sketch) {
    guard sketch.isJSON else { return nil }
    let scopes = ["scopeSpans", "instrumentationLibrarySpans"]
    let hasSpans = sketch.records.contains { record in
      scopes.contains { scope in
        record.has("resourceSpans.\(scope).spans.traceId", .text)
          && record.has("resourceSpans.\(scope).spans.spanId", .text)
      }
    }
    if hasSpans {
      self = .spans
      return
    }
    let path = "resourceLogs.scopeLogs.logRecords"
    let hasMessages = sketch.records.contains { record in
      let names =
        (record.texts["\(path).eventName"] ?? []) + (record.texts["\(path).attributes.key"] ?? [])
        + (record.texts["\(path).attributes.value.stringValue"] ?? [])
      return record.has("\(path).traceId", .text) && names.contains { $0.hasPrefix("gen_ai.") }
    }
    guard hasMessages else { return nil }
    self = .logs
  }

  /// Whether there is one export request a line.
  static func isLines(_ sketch: Sketch) -> Bool {
    if case .jsonLines = sketch.form { return true }
    return false
  }
}
