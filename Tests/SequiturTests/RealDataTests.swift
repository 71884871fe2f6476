import Foundation
import TestSupport
import Testing

/// Reviews of real accounts, attacks and agent runs, where the development data is at hand.
@Suite struct RealDataTests {
  @Test func everyToolCallOfEveryTranscriptIsAnEvent() throws {
    guard let samples = Project.sharedData("agent-traces/raw-sample") else { return }
    var calls = 0
    let names = try FileManager.default.contentsOfDirectory(atPath: samples.path)
    for name in names {
      let run = try Written.object(Data(contentsOf: samples.appendingPathComponent(name)))
      let messages = try #require(run["messages"] as? [[String: Any]])
      calls += messages.reduce(0) { $0 + (($1["tool_calls"] as? [Any])?.count ?? 0) }
    }
    let folder = try Scratch()
    let result = try Command.run(["review", samples.path, "--quiet", "--out", folder.url.path])
    #expect(result.status == 0, "\(result.error)")
    let report = try Written(folder)
    #expect(names.count == 7)
    #expect(report.files.count == 7)
    #expect(report.files.allSatisfy { $0["type"] as? String == "transcript" })
    // Each run has one request of its user beside its calls.
    #expect(report.events == calls + names.count)
  }

  @Test func realAttacksOnARealAccountAreSeen() throws {
    guard let account = Project.sharedData("aws/cloudsplaining-test-authz.json"),
      let attacks = Project.sharedData("aws/stratus-detonations.ndjson.gz")
    else { return }
    let input = try Scratch()
    try FileManager.default.copyItem(
      at: account, to: input.url.appendingPathComponent("authorization-details.json"))
    let techniques = try unwrap(attacks, into: input.url.appendingPathComponent("events.ndjson"))
    let folder = try Scratch()
    let result = try Command.run(["review", input.url.path, "--quiet", "--out", folder.url.path])
    #expect(result.status == 0, "\(result.error)")
    let report = try Written(folder)
    #expect(report.events == 310)
    #expect(report.problems.isEmpty, "\(report.problems)")

    var seen: [String: Set<String>] = [:]
    for finding in report.findings {
      let status = finding["status"] as? String
      guard status == "realised" || status == "near-miss",
        let policy = finding["policy"] as? String, finding["type"] as? String == "composition"
      else { continue }
      for occurrence in finding["occurrences"] as? [[String: Any]] ?? [] {
        let chain = occurrence["chain"] as? [[String: Any]] ?? []
        #expect(!chain.isEmpty)
        for link in chain {
          guard let event = link["event"] as? String, let technique = techniques.of[event] else {
            continue
          }
          seen[technique, default: []].insert("\(policy) (\(status ?? ""))")
        }
      }
    }
    let found = seen.filter { techniques.several.contains($0.key) }
    for technique in techniques.several.sorted() {
      print("\(technique): \(seen[technique]?.sorted().joined(separator: ", ") ?? "no chain")")
    }
    #expect(techniques.several.count == 19)
    #expect(found.count >= 8, "\(found.keys.sorted())")
  }

  /// Takes the wrapping off: the product reads CloudTrail, not this collection.
  private func unwrap(
    _ attacks: URL, into url: URL
  ) throws -> (of: [String: String], several: Set<String>) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", attacks.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var events = Data()
    var of: [String: String] = [:]
    var counts: [String: Int] = [:]
    for line in bytes.split(separator: 0x0A) {
      let wrapped = try Written.object(Data(line))
      let technique = try #require(wrapped["technique"] as? String)
      let event = try #require(wrapped["event"] as? [String: Any])
      of[try #require(event["eventID"] as? String)] = technique
      counts[technique, default: 0] += 1
      events += try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys])
      events.append(0x0A)
    }
    try events.write(to: url)
    return (of, Set(counts.filter { $0.value > 1 }.keys))
  }
}
