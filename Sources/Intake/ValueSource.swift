/// Reads one JSON value of an input, which stands in the line given.
typealias ValueReading = (_ root: JSONNode, _ line: Int, inout Reading) -> Void

extension Source {
  /// A source of few records, of which each is read whole: answers of an interface, lists, exports.
  ///
  /// - Parameters:
  ///   - recognise: Why a JSON input is of this type; nil when it is not.
  ///   - key: The key under which the records of an input stand in a list; nil or empty where they
  ///     stand by themselves.
  ///   - reader: Makes what reads the records of an input.
  static func values(
    name: String, summary: String,
    recognise: @escaping @Sendable (Sketch) -> String?,
    under key: @escaping @Sendable (Sketch) -> String?,
    reader: @escaping @Sendable (Reading) -> ValueReading
  ) -> Source {
    Source(
      name: name, summary: summary,
      recognise: { $0.isJSON ? recognise($0) : nil },
      layout: { $0.layout(under: key($0)) },
      read: { input, sketch, reading in
        let read = reader(reading)
        readValues(input, sketch.layout(under: key(sketch)), into: &reading, read: read)
      })
  }
}
