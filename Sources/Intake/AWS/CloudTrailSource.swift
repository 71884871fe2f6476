extension Source {
  /// AWS CloudTrail: files as the service delivers them, one event a line, the answer of
  /// `lookup-events`, and exports of CloudTrail Lake.
  static let awsCloudTrail = Source(
    name: "aws-cloudtrail",
    summary: "CloudTrail events: delivered files, one a line, `lookup-events`, Lake exports",
    recognise: { sketch in
      guard let shape = CloudTrailShape(sketch) else { return nil }
      switch shape {
      case .delivered: return "has `Records` with `eventSource` and `eventName`"
      case .bare: return "has `eventSource`, `eventName` and `eventTime`"
      case .lookedUp: return "has `Events` with `CloudTrailEvent`"
      case .lake: return "has `eventJson`"
      }
    },
    layout: { sketch in CloudTrailShape(sketch)?.layout(sketch) ?? .lines },
    read: { input, sketch, reading in
      guard let shape = CloudTrailShape(sketch) else { return }
      var reader = CloudTrailReader(reading)
      readRecords(input, shape.layout(sketch), into: &reading) { reading, record in
        switch shape {
        case .delivered, .bare: reader.read(record, &reading)
        case .lookedUp: reader.readWrapped(record, under: "CloudTrailEvent", &reading)
        case .lake: reader.readWrapped(record, under: "eventJson", &reading)
        }
      }
    },
    lineReading: { sketch in
      guard let shape = CloudTrailShape(sketch), case .lines = shape.layout(sketch) else {
        return nil
      }
      switch shape {
      case .delivered, .lookedUp: return nil
      case .bare:
        return { reading in
          var reader = CloudTrailReader(reading)
          return { reader.read($0, &$1) }
        }
      case .lake:
        return { reading in
          var reader = CloudTrailReader(reading)
          return { reader.readWrapped($0, under: "eventJson", &$1) }
        }
      }
    })
}

/// The shapes in which CloudTrail's events come.
enum CloudTrailShape {
  /// `{"Records": [...]}`, as delivered to S3.
  case delivered
  /// The events themselves, one a line or in a list.
  case bare
  /// `{"Events": [{"CloudTrailEvent": "..."}]}`, as `lookup-events` answers.
  case lookedUp
  /// `{"eventJson": "..."}`, as CloudTrail Lake exports.
  case lake

  init?(_ sketch: Sketch) {
    if case .csv = sketch.form, sketch.names.contains("eventJson") {
      self = .lake
      return
    }
    let shapes: [CloudTrailShape] = [.delivered, .bare, .lookedUp, .lake]
    let found = shapes.first { shape in sketch.records.contains { shape.fits($0) } }
    guard let found else { return nil }
    self = found
  }

  private func fits(_ record: JSONSketch) -> Bool {
    switch self {
    case .delivered:
      let isEmpty = record.keys == ["Records"] && record.kinds.count == 2 && !record.isCut
      return CloudTrailShape.isEvent(record, "Records.")
        || (record.has("Records", .array) && isEmpty)
    case .bare: return CloudTrailShape.isEvent(record, "")
    case .lookedUp:
      return record.has("Events", .array) && record.has("Events.CloudTrailEvent", .text)
    case .lake: return record.has("eventJson", .text)
    }
  }

  /// Notifications of S3 have the same names, but neither an id nor a type of identity.
  private static func isEvent(_ record: JSONSketch, _ prefix: String) -> Bool {
    record.has("\(prefix)eventSource", .text) && record.has("\(prefix)eventName", .text)
      && record.has("\(prefix)eventTime")
      && (record.has("\(prefix)eventID") || record.has("\(prefix)userIdentity.type"))
  }

  func layout(_ sketch: Sketch) -> RecordLayout {
    switch self {
    case .delivered: return .elements(of: ["Records"])
    case .lookedUp: return .elements(of: ["Events"])
    case .bare, .lake:
      if case .csv(let separator) = sketch.form { return .csv(separator: separator) }
      return sketch.layout(under: nil)
    }
  }
}
