internal import Model

extension ReviewInput {
  /// Makes problems of events whose clock must be wrong: they are judged, but date nothing.
  mutating func noteStrayEvents(_ indexes: [Int]) {
    guard !indexes.isEmpty else { return }
    for index in indexes {
      let event = table.events[index]
      let file = Int(event.position.file)
      guard files.indices.contains(file) else { continue }
      files[file].problems += 1
      problems.append(
        Problem(
          file: files[file].path, line: Int(event.position.line),
          reason: "time `\(event.time.rfc3339)` is more than a year away from all others",
          consequence: "judged, but not taken for the window of the review"))
    }
    problems.sort { ($0.file, $0.line, $0.reason) < ($1.file, $1.line, $1.reason) }
  }
}
