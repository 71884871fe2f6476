internal import Findings
internal import Foundation
internal import Model
internal import Policies

/// What a review's report.json says of it, for a comparison.
struct SnapshotFile {
  let snapshot: ReviewSnapshot

  private typealias Object = [String: Any]

  /// Reads `report.json`, or that of a review's folder.
  init(path: String) throws {
    var path = path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      path += "/report.json"
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("\(path): no such file")
    }
    guard let report = try? JSONSerialization.jsonObject(with: data) as? Object,
      let review = report["review"] as? Object, let id = review["id"] as? String
    else { throw Failure("\(path): no report.json of a review") }
    let version = report["schemaVersion"] as? String ?? ""
    guard version.hasPrefix("1.") else {
      throw Failure("\(path): report format `\(version.prefix(20))`, expected 1")
    }
    snapshot = ReviewSnapshot(
      review: id, from: SnapshotFile.time(review["from"]), to: SnapshotFile.time(review["to"]),
      rules: try SnapshotFile.rules(report, path),
      agents: SnapshotFile.objects(report["agents"]).compactMap(SnapshotFile.agent),
      findings: SnapshotFile.objects(report["findings"]).compactMap(SnapshotFile.finding))
  }

  private static func rules(_ report: Object, _ path: String) throws -> ReviewSnapshot.Rules {
    var policies: [String: String] = [:]
    for policy in objects(report["policies"]) {
      guard let id = policy["id"] as? String, let digest = policy["digest"] as? String else {
        throw Failure("\(path): a policy without its digest: made by an earlier version")
      }
      policies[id] = digest
    }
    let scoring = report["scoring"] as? Object ?? [:]
    let numbers = (scoring["numbers"] as? [String: String] ?? [:]).sorted { $0.key < $1.key }
    return ReviewSnapshot.Rules(
      policies: policies,
      vocabulary: (report["evidence"] as? Object)?["vocabularyVersion"] as? String ?? "",
      scoring: scoring["version"] as? String ?? "",
      scoringDigest: scoringDigest(numbers.map { NamedValue(name: $0.key, value: $0.value) }))
  }

  private static func agent(_ agent: Object) -> ReviewSnapshot.Agent? {
    guard let id = agent["id"] as? String else { return nil }
    let evidence = agent["evidence"] as? Object ?? [:]
    return ReviewSnapshot.Agent(
      id: id, privilege: (agent["privilegeIndex"] as? Object)?["value"] as? Int,
      composition: (agent["compositionIndex"] as? Object)?["value"] as? Int,
      held: agent["held"] as? Int ?? 0, unused: agent["unused"] as? Int ?? 0,
      sources: evidence["sources"] as? [String] ?? [],
      isEvidenceEnough: evidence["isEnough"] as? Bool ?? false)
  }

  private static func finding(_ finding: Object) -> ReviewSnapshot.Finding? {
    guard let id = finding["id"] as? String, let policy = finding["policy"] as? String,
      let kind = (finding["type"] as? String).flatMap(Finding.Kind.init(rawValue:)),
      let status = (finding["status"] as? String).flatMap(Finding.Status.init(rawValue:)),
      let severity = (finding["severity"] as? String).flatMap(Severity.init(rawValue:))
    else { return nil }
    let last = objects(finding["occurrences"]).compactMap { occurrence in
      time(objects(occurrence["chain"]).last?["time"])
    }.max()
    return ReviewSnapshot.Finding(
      id: id, policy: policy, title: finding["title"] as? String ?? "", kind: kind, status: status,
      severity: severity, agents: finding["agents"] as? [String] ?? [],
      occurrences: finding["occurrencesInAll"] as? Int ?? 0, last: last)
  }

  private static func objects(_ value: Any?) -> [Object] { value as? [Object] ?? [] }

  private static func time(_ value: Any?) -> Timestamp? {
    (value as? String).flatMap { Timestamp(rfc3339: $0) }
  }
}
