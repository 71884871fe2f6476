/// Makes a case that fails smaller, for people: events, lines of the policy and clauses are left
/// out one by one as long as it goes on failing.
struct CaseShrinker {
  /// Whether a case still fails; false for a policy that cannot be read.
  let fails: (RandomCase) -> Bool

  func shrink(_ failing: RandomCase) -> RandomCase {
    var best = failing
    var hasShrunk = true
    while hasShrunk {
      hasShrunk = false
      for smaller in [withoutEvent, withoutLine, withoutClause, withoutField] {
        while let next = smaller(best).first(where: fails) {
          best = next
          hasShrunk = true
        }
      }
    }
    return best
  }

  private func withoutEvent(_ random: RandomCase) -> [RandomCase] {
    random.events.indices.map { index in
      var smaller = random
      smaller.events.remove(at: index)
      return smaller
    }
  }

  private func withoutField(_ random: RandomCase) -> [RandomCase] {
    random.events.indices.flatMap { index in
      random.events[index].fields.keys.sorted().filter { $0 != "agent" && $0 != "task" }
        .map { name in
          var smaller = random
          smaller.events[index].fields[name] = nil
          return smaller
        }
    }
  }

  private func withoutLine(_ random: RandomCase) -> [RandomCase] {
    var cases: [RandomCase] = []
    let lines = random.policyText.split(separator: "\n").map(String.init)
    for index in lines.indices {
      var rest = lines
      rest.remove(at: index)
      var smaller = random
      smaller.policyText = rest.joined(separator: "\n") + "\n"
      cases.append(smaller)
    }
    return cases
  }

  /// Without one `, key: value` inside braces or one element of a list.
  private func withoutClause(_ random: RandomCase) -> [RandomCase] {
    let text = Array(random.policyText)
    return text.indices.compactMap { start in
      guard text[start] == ",", text.indices.contains(start + 1), text[start + 1] == " " else {
        return nil
      }
      var depth = 0
      var end = start + 1
      while end < text.count {
        if "{[".contains(text[end]) { depth += 1 }
        if "}]".contains(text[end]) { depth -= 1 }
        if depth < 0 || depth == 0 && text[end] == "," || text[end] == "\n" { break }
        end += 1
      }
      var smaller = random
      smaller.policyText = String(text[..<start]) + String(text[end...])
      return smaller
    }
  }
}
