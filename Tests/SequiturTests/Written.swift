import Foundation
import Testing

/// The report.json of a review that was just written, read independently of the product.
struct Written {
  /// The folder of the review.
  let folder: URL
  private let report: [String: Any]

  /// Reads the only review in a folder.
  init(_ scratch: Scratch) throws {
    let path = try #require(try scratch.files().first { $0.hasSuffix("/report.json") })
    let url = scratch.url.appendingPathComponent(path)
    folder = url.deletingLastPathComponent()
    report = try Written.object(Data(contentsOf: url))
  }

  /// A JSON object.
  static func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  var findings: [[String: Any]] { report["findings"] as? [[String: Any]] ?? [] }
  var agents: [[String: Any]] { report["agents"] as? [[String: Any]] ?? [] }
  var files: [[String: Any]] {
    (report["review"] as? [String: Any])?["inputs"] as? [[String: Any]] ?? []
  }
  var problems: [[String: Any]] { evidence["problems"] as? [[String: Any]] ?? [] }
  var events: Int { evidence["events"] as? Int ?? -1 }
  private var evidence: [String: Any] { report["evidence"] as? [String: Any] ?? [:] }

  /// Findings of a policy with a status, each with its agents.
  func agents(policy: String, status: String) -> Set<String> {
    Set(
      findings.filter { $0["policy"] as? String == policy && $0["status"] as? String == status }
        .flatMap { $0["agents"] as? [String] ?? [] })
  }

  /// A file of the review as text.
  func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }
}
