extension Source {
  /// Roles, bindings and service accounts of Kubernetes, as `kubectl get` gives them or as
  /// manifests say them.
  static let kubernetesRBAC = Source(
    name: "kubernetes-rbac",
    summary: "Kubernetes roles, bindings and service accounts: `kubectl get`, manifests",
    recognise: { sketch in
      switch sketch.form {
      case .jsonDocument, .jsonLines:
        for record in sketch.records {
          let kinds = (record.texts["kind"] ?? []) + (record.texts["items.kind"] ?? [])
          guard record.has("apiVersion", .text) || record.has("items.apiVersion", .text) else {
            continue
          }
          let own = kinds.filter {
            clusterKinds.contains($0)
              || ($0.hasSuffix("List") && clusterKinds.contains(String($0.dropLast(4))))
          }
          if let kind = own.first { return "has `apiVersion` and the kind \(quoted(kind))" }
        }
        return nil
      case .yaml:
        guard sketch.names.contains("kind"), sketch.names.contains("apiVersion") else {
          return nil
        }
        let versions = ["v1", "rbac.authorization.k8s.io/"]
        guard sketch.versions.contains(where: { text in versions.contains { text.hasPrefix($0) } })
        else { return nil }
        guard let kind = sketch.kinds.first(where: clusterKinds.contains) else { return nil }
        return "has `apiVersion` and the kind \(quoted(kind))"
      case .csv, .other: return nil
      }
    },
    layout: clusterLayout,
    read: { input, sketch, reading in
      readValues(input, clusterLayout(sketch), into: &reading) { root, line, reading in
        readClusterObject(root, line: line, &reading)
      }
    })

  @Sendable private static func clusterLayout(_ sketch: Sketch) -> RecordLayout {
    switch sketch.form {
    case .yaml, .csv, .other: return .yamlDocuments
    case .jsonLines: return .lines
    case .jsonDocument:
      let record = sketch.records.first
      if record?.isList == true { return .elements(of: []) }
      // Elements of a list of one kind do not name their kind: only the whole does.
      return record?.has("items.kind", .text) == true ? .elements(of: ["items"]) : .roots
    }
  }
}
