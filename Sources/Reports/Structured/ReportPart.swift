internal import Findings

/// A part of report.json or report.xml that is made by itself; put together they are the report.
enum ReportPart: Sendable {
  /// What made it, what it rests on, and the organisation as a whole.
  case head
  case agents(Range<Int>)
  case findings(Range<Int>)
  /// Frameworks and controls.
  case frameworks
  case cleanup(Range<Int>)
  /// The counts of the clean-up list, where its rows are too many.
  case cleanupGroups
  /// Advice on all agents together, policies, decisions, and what changed.
  case tail

  /// Members of one part: enough that a part is worth the trouble, few enough to lie in memory.
  private static let agentsMax = 100
  private static let findingsMax = 250
  private static let cleanupMax = 2_000

  /// The parts of a report in their order.
  static func all(of report: Report) -> [ReportPart] {
    let review = report.review
    let cleanup: [ReportPart] =
      review.cleanup.count > report.extent.cleanupRowsMax
      ? [.cleanupGroups] : ranges(review.cleanup.count, cleanupMax).map(ReportPart.cleanup)
    return [.head] + ranges(review.agents.count, agentsMax).map(ReportPart.agents)
      + ranges(review.findings.count, findingsMax).map(ReportPart.findings) + [.frameworks]
      + cleanup + [.tail]
  }

  private static func ranges(_ count: Int, _ size: Int) -> [Range<Int>] {
    stride(from: 0, to: max(1, count), by: size).map { $0..<min(count, $0 + size) }
  }

  /// Where it stands in the document.
  var place: DocumentPart {
    switch self {
    case .head: return DocumentPart(isFirst: true, isLast: false)
    case .agents(let range): return inside("agents", "agent", range)
    case .findings(let range): return inside("findings", "finding", range)
    case .frameworks, .cleanupGroups: return DocumentPart(isFirst: false, isLast: false)
    case .cleanup(let range): return inside("cleanup", "action", range)
    case .tail: return DocumentPart(isFirst: false, isLast: true)
    }
  }

  private func inside(_ name: String, _ item: String, _ range: Range<Int>) -> DocumentPart {
    DocumentPart(
      isFirst: false, isLast: false, list: range.lowerBound == 0 ? nil : (name, item))
  }
}
