internal import Controls
internal import Findings
internal import Model

/// The crosswalk as an OSCAL mapping collection: each framework mapped to the hub, a map a concept.
struct OSCALMapping<Sink: OSCALSink> {
  let report: Report
  let crosswalk: Crosswalk

  /// The frameworks of the report that share a concept with the hub, in its order.
  private var sources: [FrameworkAssessment] {
    report.frameworks.filter { framework in
      framework.id != crosswalk.hub
        && crosswalk.concepts.contains { !$0.ids(of: framework.id).isEmpty }
    }
  }
  private var hub: FrameworkAssessment? { report.frameworks.first { $0.id == crosswalk.hub } }

  /// Whether there is anything to map.
  var isEmpty: Bool { hub == nil || sources.isEmpty }

  /// Writes what is inside `mapping-collection`.
  func write(to sink: inout Sink) {
    guard let hub else { return }
    sink.attribute("uuid", NameUUID.make("crosswalk", crosswalk.id, crosswalk.version))
    sink.object("metadata") { sink in
      sink.line("title", "Crosswalk \(crosswalk.id)")
      sink.text(
        "last-modified",
        (report.review.to ?? report.input.lastEvent ?? Timestamp(seconds: 0)).rfc3339)
      sink.text("version", OSCALText.string(crosswalk.version))
      sink.text("oscal-version", OSCALAssessment<Sink>.oscalVersion)
      sink.properties([("tool", "\(report.tool) \(report.toolVersion)")])
    }
    sink.object("provenance") { sink in
      sink.attribute("method", "human")
      sink.attribute("matching-rationale", "semantic")
      sink.attribute("status", "complete")
      sink.prose("mapping-description", crosswalk.note)
    }
    sink.each(sources, "mapping", in: "mappings") { write($0, to: hub, &$1) }
    sink.object("back-matter") { sink in
      sink.each([hub] + sources, "resource", in: "resources") { framework, sink in
        sink.attribute("uuid", resource(framework))
        sink.line("title", "\(framework.title) \(framework.version)")
        sink.prose("description", framework.note)
        sink.properties([
          ("framework", framework.id), ("mapping-version", framework.mappingVersion),
        ])
      }
    }
  }

  private func write(
    _ source: FrameworkAssessment, to hub: FrameworkAssessment, _ sink: inout Sink
  ) {
    sink.attribute(
      "uuid", NameUUID.make("mapping", crosswalk.id, crosswalk.version, source.id, hub.id))
    for (name, framework) in [("source-resource", source), ("target-resource", hub)] {
      sink.object(name) { sink in
        sink.attribute("type", "catalog")
        sink.attribute("href", "#\(resource(framework))")
      }
    }
    let concepts = crosswalk.concepts.filter { !$0.ids(of: source.id).isEmpty }
    sink.each(concepts, "map", in: "maps") { concept, sink in
      sink.attribute(
        "uuid",
        NameUUID.make("map", crosswalk.id, crosswalk.version, source.id, hub.id, concept.id))
      sink.text("relationship", "intersects-with")
      writeItems(concept, of: source, "source", in: "sources", &sink)
      writeItems(concept, of: hub, "target", in: "targets", &sink)
      sink.properties([("concept", concept.id)])
      sink.prose("remarks", "\(concept.title). \(concept.because)")
    }
  }

  private func writeItems(
    _ concept: Crosswalk.Concept, of framework: FrameworkAssessment, _ item: String,
    in name: String, _ sink: inout Sink
  ) {
    sink.each(concept.ids(of: framework.id), item, in: name) { id, sink in
      sink.attribute("type", "control")
      sink.attribute("id-ref", OSCALText.token(id, framework: framework.id))
      sink.properties([("published-id", id)])
    }
  }

  private func resource(_ framework: FrameworkAssessment) -> String {
    NameUUID.make("framework", framework.id, framework.version)
  }
}
