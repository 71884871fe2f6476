/// Kleene's three values: a test of a field that the event lacks is unknown.
enum Truth: UInt8, Comparable {
  case no, unknown, yes

  init(_ value: Bool) { self = value ? .yes : .no }

  var negated: Truth {
    switch self {
    case .no: return .yes
    case .unknown: return .unknown
    case .yes: return .no
    }
  }

  static func < (left: Truth, right: Truth) -> Bool { left.rawValue < right.rawValue }
}
