internal import Model

/// The register assignments of a key, by number; 0 is the empty one.
struct Environments {
  private var assignments: [[AttributeValue?]]
  private var numbers: [[AttributeValue?]: Int32]

  init(registers: Int) {
    let empty = [AttributeValue?](repeating: nil, count: registers)
    assignments = [empty]
    numbers = [empty: 0]
  }

  subscript(_ number: Int32) -> [AttributeValue?] { assignments[Int(number)] }

  mutating func number(of assignment: [AttributeValue?]) -> Int32 {
    if let known = numbers[assignment] { return known }
    let made = Int32(truncatingIfNeeded: assignments.count)
    assignments.append(assignment)
    numbers[assignment] = made
    return made
  }

  func lookup(_ assignment: [AttributeValue?]) -> Int32? { numbers[assignment] }
}
