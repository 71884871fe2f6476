internal import Documents
internal import Model

/// The actions that platforms have, and their levels: what the `*-levels.txt` files say.
struct LevelTable {
  /// One action.
  struct Row {
    var name: String
    /// The name in lower case.
    var folded: String
    /// The platform that has it: the table's name without `-levels.txt`.
    var platform: String
    var level: Level
    /// Where it stands.
    var file: String
    var line: Int
  }

  /// Sorted by folded name.
  private(set) var rows: [Row] = []

  /// Appends the lines of one file: service, letter of the level, actions.
  mutating func read(_ text: String, file: String, _ problems: inout [DocumentProblem]) {
    let bytes = Array(text.utf8)
    let name = file.split(separator: "/").last ?? ""
    let platform = String(name.dropLast("-levels.txt".count))
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let parts = line.split(separator: 0x20)
      guard parts.count > 2, parts[1].count == 1, let letter = parts[1].first,
        let level = LevelTable.level(letter)
      else {
        let reason = "expected a service, one of the letters L, R, T, W, P, and actions"
        problems.append(
          DocumentProblem(
            file: file, line: number, column: 1, reason: reason,
            sourceLine: String(decoding: line, as: UTF8.self)))
        continue
      }
      let service = parts[0] + [UInt8(ascii: ":")]
      for action in parts[2...] {
        let name = String(decoding: service + action, as: UTF8.self)
        rows.append(
          Row(
            name: name, folded: name.lowercased(), platform: platform, level: level, file: file,
            line: number))
      }
    }
  }

  /// Sorts the rows; a second row of an action is a mistake and left out.
  mutating func finish(_ problems: inout [DocumentProblem]) {
    rows.sort { ($0.folded, $0.file, $0.line) < ($1.folded, $1.file, $1.line) }
    var kept: [Row] = []
    kept.reserveCapacity(rows.count)
    for row in rows {
      if kept.last?.folded == row.folded {
        let reason = "`\(row.name)` has two lines with levels"
        problems.append(
          DocumentProblem(
            file: row.file, line: row.line, column: 0, reason: reason, sourceLine: nil))
      } else {
        kept.append(row)
      }
    }
    rows = kept
  }

  /// The indices of the rows whose folded name begins with a text.
  func indices(prefix: String) -> Range<Int> {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].folded < prefix { low = middle + 1 } else { high = middle }
    }
    var end = rows.count
    var first = low
    while first < end {
      let middle = (first + end) / 2
      if rows[middle].folded.hasPrefix(prefix) { first = middle + 1 } else { end = middle }
    }
    return low..<end
  }

  /// The indices of the rows that a name or a pattern covers.
  func indices(covering pattern: String) -> [Int] {
    let folded = pattern.lowercased()
    let prefix = String(folded.prefix { $0 != "*" })
    let candidates = indices(prefix: prefix)
    if prefix == folded { return candidates.filter { rows[$0].folded == folded } }
    let glob = Glob(folded)
    // Most rows differ in their last letters already, which is quickly seen.
    let parts = folded.split(omittingEmptySubsequences: false) { $0 == "*" || $0 == "?" }
    let suffix = Array((parts.last ?? "").utf8)
    return candidates.filter { index in
      let name = rows[index].folded
      return name.utf8.suffix(suffix.count).elementsEqual(suffix) && glob.matches(name)
    }
  }

  private static func level(_ letter: UInt8) -> Level? {
    switch letter {
    case UInt8(ascii: "L"): return .list
    case UInt8(ascii: "R"): return .read
    case UInt8(ascii: "T"): return .tagging
    case UInt8(ascii: "W"): return .write
    case UInt8(ascii: "P"): return .permissionsManagement
    default: return nil
    }
  }
}
