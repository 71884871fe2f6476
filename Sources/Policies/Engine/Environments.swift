internal import Model

/// The register assignments of a key, by number; 0 is the empty one.
///
/// One register is the common case: its values are found in a table of their own.
struct Environments {
  private var assignments: [[AttributeValue?]]
  private var numbers: [[AttributeValue?]: Int32] = [:]
  /// With one register, numbers by value: open addressing, 0 where a slot is empty.
  private var slots: [Int32] = []

  private static let none = Environments(assignments: [[]])
  private static let one = Environments(assignments: [[nil]])

  /// The empty assignment of a number of registers.
  static func empty(registers: Int) -> Environments {
    switch registers {
    case 0: return none
    case 1: return one
    default:
      let empty = [AttributeValue?](repeating: nil, count: registers)
      var environments = Environments(assignments: [empty])
      environments.numbers = [empty: 0]
      return environments
    }
  }

  private init(assignments: [[AttributeValue?]]) { self.assignments = assignments }

  subscript(_ number: Int32) -> [AttributeValue?] { assignments[Int(number)] }

  mutating func number(of assignment: [AttributeValue?]) -> Int32 {
    switch assignment.count {
    case 0: return 0
    case 1: return assignment[0].map { number(of: $0) } ?? 0
    default: break
    }
    if let known = numbers[assignment] { return known }
    let made = Int32(truncatingIfNeeded: assignments.count)
    assignments.append(assignment)
    numbers[assignment] = made
    return made
  }

  func lookup(_ assignment: [AttributeValue?]) -> Int32? {
    switch assignment.count {
    case 0: return 0
    case 1: return assignment[0].map { lookup($0) } ?? 0
    default: return numbers[assignment]
    }
  }

  // MARK: One register

  /// The number of the assignment of a value to the only register.
  mutating func number(of value: AttributeValue) -> Int32 {
    if slots.isEmpty { slots = Array(repeating: 0, count: 16) }
    let slot = slot(of: value)
    if slots[slot] != 0 { return slots[slot] }
    let made = Int32(truncatingIfNeeded: assignments.count)
    assignments.append([value])
    slots[slot] = made
    if assignments.count * 2 > slots.count { grow() }
    return made
  }

  /// The same, where it has a number.
  func lookup(_ value: AttributeValue) -> Int32? {
    if slots.isEmpty { return nil }
    let number = slots[slot(of: value)]
    return number == 0 ? nil : number
  }

  private func slot(of value: AttributeValue) -> Int {
    let mask = slots.count - 1
    var slot = Self.place(value) & mask
    while slots[slot] != 0, assignments[Int(slots[slot])][0] != value { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let count = slots.count * 2
    slots = Array(repeating: 0, count: count)
    for number in 1..<assignments.count {
      guard let value = assignments[number][0] else { continue }
      slots[slot(of: value)] = Int32(truncatingIfNeeded: number)
    }
  }

  private static func place(_ value: AttributeValue) -> Int {
    let bits: UInt64
    switch value {
    case .text(let symbol): bits = UInt64(symbol.raw)
    // Both zeros are equal.
    case .number(let number): bits = number == 0 ? 0 : number.bitPattern
    case .bool(let bool): bits = bool ? 1 : 2
    case .token(let digest): bits = digest
    }
    return Int(truncatingIfNeeded: (bits ^ bits >> 29) &* 0x9E37_79B9_7F4A_7C15 >> 32)
  }
}
