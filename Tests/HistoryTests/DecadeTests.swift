import Findings
import Foundation
import History
import Model
import Policies
import Testing

/// How long a large history takes; a measurement, made when `SEQUITUR_HISTORY_QUARTERS` says for how
/// many quarters (40 in the figures that are published).
@Suite struct DecadeTests {
  private static let quarters = ProcessInfo.processInfo.environment["SEQUITUR_HISTORY_QUARTERS"]
    .flatMap(Int.init)
  private static let agents = 10_000

  private func end(_ quarter: Int) -> Timestamp {
    Timestamp(seconds: 1_500_000_000 + Int64(quarter) * 7_862_400)
  }

  private func snapshot(_ quarter: Int) -> ReviewSnapshot {
    ReviewSnapshot(
      review: "Q\(quarter)", from: end(quarter - 1), to: end(quarter),
      rules: ReviewSnapshot.Rules(
        policies: Dictionary(uniqueKeysWithValues: (0..<40).map { ("policy-\($0)", "aa") }),
        vocabulary: "v", scoring: "1", scoringDigest: "cc"),
      agents: (0..<Self.agents).map { number in
        ReviewSnapshot.Agent(
          id: "arn:aws:iam::111122223333:role/agent-\(number)", privilege: (number + quarter) % 100,
          composition: number % 50, held: 200, unused: 100, sources: ["aws-cloudtrail"],
          isEvidenceEnough: true)
      },
      findings: (0..<2 * Self.agents).map { number in
        // Each finding is there in three quarters of four.
        let id = (number + quarter) % 4 == 0 ? number + 1_000_000 : number
        return ReviewSnapshot.Finding(
          id: "policy-\(number % 40)-\(String(id, radix: 16))", policy: "policy-\(number % 40)",
          title: "A chain of steps that are permitted one by one", kind: .composition,
          status: number % 3 == 0 ? .realised : .latent, severity: .high,
          agents: ["arn:aws:iam::111122223333:role/agent-\(number % Self.agents)"],
          occurrences: 1 + (number + quarter) % 3, last: end(quarter))
      })
  }

  private func item(_ number: Int) -> DecisionItem {
    let agent = "arn:aws:iam::111122223333:role/agent-\(number % Self.agents)"
    return DecisionItem(
      id: "advice-\(String(number, radix: 16))", title: "revoke: 5 actions, granted by policy P",
      agents: [agent], names: [], owners: ["Platform"],
      subject: .advice(
        DecisionItem.Advice(
          advice: .revoke, actions: (0..<5).map { "service:Action\(number + $0)" }, besides: [],
          resources: ["arn:aws:s3:::bucket-\(number)/*"], via: "policy P, statement \(number)")))
  }

  @Test(.enabled(if: quarters != nil)) func aDecadeIsReadInSeconds() throws {
    let quarters = try #require(Self.quarters)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("history.sqlite").path
    let items = (0..<100_000).map(item)
    let decided = items.prefix(2_000).map { item in
      DecisionStanding(
        taken: TakenDecision(
          decision: ReviewerDecision(
            id: item.id, review: "Q0", word: .revoke, decidedBy: "al", reason: "r", until: nil,
            file: "d.csv", line: 2),
          item: item, asked: "Q0", askedTo: end(0), doneIn: nil, isCarried: true),
        state: .done, evidence: ["x"], warnings: [])
    }
    var keeping = Duration.zero
    for quarter in 0..<quarters {
      let review = snapshot(quarter)
      keeping = try ContinuousClock().measure {
        try History(path: path).keep(review, asking: items, decisions: decided)
      }
    }
    let now = snapshot(quarters)
    var changed = 0
    let change = try ContinuousClock().measure {
      let history = try History(path: path)
      let baseline = try #require(try history.baseline(of: now.review, endingAt: end(quarters)))
      let known = Set(baseline.findings.map(\.id))
      let missing = now.findings.map(\.id).filter { !known.contains($0) }
      changed =
        ReviewChange(
          from: baseline, to: now, lastSeen: try history.lastSeen(missing, before: baseline)
        ).findings.count
    }
    let sheet = items.prefix(5_000).map { item in
      ReviewerDecision(
        id: item.id, review: "Q\(quarters - 1)", word: .keep, decidedBy: "al", reason: "r",
        until: nil, file: "d.csv", line: 2)
    }
    let deciding = try ContinuousClock().measure {
      _ = try History(path: path).decisions(sheet, for: now.review, endingAt: end(quarters))
    }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    print(
      "history: \(quarters) quarters, \(size >> 20) MiB: change of \(changed) findings in \(change),",
      "5,000 decisions and 2,000 earlier ones in \(deciding), keeping a review in \(keeping)")
    #expect(change < .seconds(2) && deciding < .seconds(2))
  }
}
