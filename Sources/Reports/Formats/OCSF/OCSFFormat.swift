internal import Controls
internal import Findings
internal import Model

extension ReportFormat {
  /// findings.ocsf.ndjson: OCSF 1.8, one event a line, for a SIEM or a data lake.
  ///
  /// Findings about privileges and identities are IAM analysis findings (2008), those about chains,
  /// evidence and policies detection findings (2004), and each control of each framework is a
  /// compliance finding (2003).
  static let ocsf = ReportFormat(
    name: "ocsf",
    pieces: { index, _ in
      let findings = index.report.review.findings
      let path = "findings.ocsf.ndjson"
      return ReportPiece.parts(of: path, findings.count, atATime: findingsOfPart) { range in
        var bytes: [UInt8] = []
        for place in range {
          bytes += JSONSink.line {
            OCSFFinding(index: index, finding: findings[place]).write(to: &$0)
          }
        }
        return bytes
      } + [.part(of: path) { controls(index) }]
    })

  private static let findingsOfPart = 250

  private static func controls(_ index: ReportIndex) -> [UInt8] {
    var bytes: [UInt8] = []
    for framework in index.report.frameworks {
      for control in framework.controls {
        bytes += JSONSink.line {
          OCSFControl(index: index, framework: framework, control: control).write(to: &$0)
        }
      }
    }
    return bytes
  }
}

/// A class of OCSF events, and what all of its events have.
enum OCSFClass: Int {
  case compliance = 2003
  case detection = 2004
  case iamAnalysis = 2008

  /// The class's name.
  private var name: String {
    switch self {
    case .compliance: return "Compliance Finding"
    case .detection: return "Detection Finding"
    case .iamAnalysis: return "IAM Analysis Finding"
    }
  }

  /// The fields that say what kind of event this is: a finding that was made.
  func writeHead(_ report: Report, time: Timestamp?, to sink: inout JSONSink) {
    sink.integer("class_uid", rawValue)
    sink.text("class_name", name)
    sink.integer("category_uid", 2)
    sink.text("category_name", "Findings")
    sink.integer("activity_id", 1)
    sink.text("activity_name", "Create")
    sink.integer("type_uid", rawValue * 100 + 1)
    sink.text("type_name", "\(name): Create")
    // OCSF requires a time. Where nothing has one it is the epoch, and `unmapped` says so.
    let known = time ?? report.review.to ?? report.input.lastEvent
    sink.integer("time", OCSFClass.milliseconds(known ?? Timestamp(seconds: 0)))
    if known == nil {
      sink.object("unmapped") { $0.text("timeAbsentBecause", "nothing in the review has a time") }
    }
    sink.object("metadata") { sink in
      sink.text("version", "1.8.0")
      sink.object("product") { sink in
        sink.text("name", report.tool)
        sink.text("vendor_name", report.tool)
        sink.text("version", report.toolVersion)
      }
      sink.text("correlation_uid", report.id)
    }
  }

  /// A time as OCSF counts it.
  static func milliseconds(_ time: Timestamp) -> Int {
    let (whole, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return Int(rest < 0 ? whole - 1 : whole)
  }

  /// OCSF's number and word for a severity.
  static func severity(_ severity: Severity) -> (id: Int, word: String) {
    switch severity {
    case .low: return (2, "Low")
    case .moderate: return (3, "Medium")
    case .high: return (4, "High")
    case .critical: return (5, "Critical")
    }
  }
}
