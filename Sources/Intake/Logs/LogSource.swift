extension Source {
  /// A source whose records are those of a log's format: at the root, one a line or in a list, or
  /// under one of some keys.
  ///
  /// - Parameters:
  ///   - keys: The keys under which exports put their records.
  ///   - fields: What the reason of the recognition names.
  ///   - isRecord: Whether a record has the format's fields, each path after the prefix.
  static func log<Format: LogFormat>(
    _ format: Format.Type, name: String, summary: String, under keys: [String], fields: String,
    isRecord: @escaping @Sendable (JSONSketch, _ prefix: String) -> Bool
  ) -> Source {
    let layout: @Sendable (Sketch) -> RecordLayout = { sketch in
      sketch.layout(under: logKey(sketch, keys, isRecord))
    }
    return Source(
      name: name, summary: summary,
      recognise: { sketch in
        guard let key = logKey(sketch, keys, isRecord) else { return nil }
        return key.isEmpty ? "has \(fields)" : "has \(quoted(key)) with \(fields)"
      },
      layout: layout,
      read: { input, sketch, reading in
        var reader = LogReader<Format>(reading)
        readRecords(input, layout(sketch), into: &reading) { reading, record in
          reader.read(record, &reading)
        }
      },
      lineReading: { sketch in
        guard case .lines = layout(sketch) else { return nil }
        return { reading in
          var reader = LogReader<Format>(reading)
          return { reader.read($0, &$1) }
        }
      })
  }

  /// The key under which the records stand, empty for the root; nil where there are none.
  private static func logKey(
    _ sketch: Sketch, _ keys: [String], _ isRecord: (JSONSketch, String) -> Bool
  ) -> String? {
    guard sketch.isJSON else { return nil }
    return ([""] + keys).first { key in
      let prefix = key.isEmpty ? "" : "\(key)."
      return sketch.records.contains { isRecord($0, prefix) }
    }
  }
}
