internal import Model

/// Names for people and for files, made from ids that may be anything.
enum Naming {
  /// The last part of an ARN or a path, for example `ops-agent`; the id where that would be empty.
  static func short(_ id: String) -> String {
    let last = id.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? id
    return last.isEmpty ? id : last
  }

  /// The names by which pages call agents, in their order; where two would be called alike, with
  /// the account of the ARN, else with the whole id.
  static func labels(_ agents: [Agent]) -> [String] {
    let plain = agents.map(label)
    let withAccount = zip(agents, plain).map { agent, name in
      let parts = agent.id.split(separator: ":", omittingEmptySubsequences: false)
      return parts.count > 5 && parts[0] == "arn" ? "\(name) in \(parts[4])" : name
    }
    let plainCounts = counts(plain)
    let accountCounts = counts(withAccount)
    return agents.indices.map { place in
      if plainCounts[plain[place]] == 1 { return plain[place] }
      if accountCounts[withAccount[place]] == 1 { return withAccount[place] }
      return "\(plain[place]) (\(SafeText.cut(agents[place].id, scalarsMax: 120)))"
    }
  }

  private static func counts(_ texts: [String]) -> [String: Int] {
    texts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The name by which pages call an agent.
  static func label(_ agent: Agent) -> String {
    if let name = agent.name, !name.isEmpty { return SafeText.cut(name, scalarsMax: 80) }
    return SafeText.cut(short(agent.id), scalarsMax: 80)
  }

  /// The name of an action without its service, for pictures.
  static func action(_ name: String) -> String {
    let last = name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
    return SafeText.shortened(last, charactersMax: 28)
  }

  /// File names without extension for ids, in their order, all different without case: the last
  /// part of the id in harmless characters, with a digest of the whole id where it says less.
  static func slugs(_ ids: [String]) -> [String] {
    var taken: Set<String> = []
    return ids.map { id in
      let plain = slug(id)
      var name = plain == id ? plain : "\(plain)-\(digest(id))"
      if reserved.contains(name) { name = "\(plain)-\(digest(id))" }
      var number = 2
      let base = name
      while !taken.insert(name).inserted {
        name = "\(base)-\(number)"
        number += 1
      }
      return name
    }
  }

  /// An id as an anchor of a page: harmless characters, different for different ids.
  static func anchor(_ id: String) -> String {
    let plain = id.unicodeScalars.allSatisfy { isHarmless($0) || $0 == "." }
    return plain ? id : "\(slug(id))-\(digest(id))"
  }

  private static let slugScalarsMax = 48
  /// Names that file systems keep for devices, and the names of our own pages.
  private static let reserved: Set<String> = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "lpt1", "lpt2", "lpt3", "index",
  ]

  private static func slug(_ id: String) -> String {
    var text = ""
    for scalar in short(id).unicodeScalars where text.utf8.count < slugScalarsMax {
      if isHarmless(scalar) {
        text += String(Character(scalar)).lowercased()
      } else if !text.isEmpty, text.last != "-" {
        text += "-"
      }
    }
    while text.last == "-" { text.removeLast() }
    return text.isEmpty ? "agent" : text
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-": return true
    default: return false
    }
  }

  /// Eight hex digits of FNV-1a: it tells names apart, and proves nothing.
  private static func digest(_ id: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32)), radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}
