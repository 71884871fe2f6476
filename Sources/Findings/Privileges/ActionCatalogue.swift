internal import Model

/// A set of catalogue actions, one bit each.
struct ActionSet: Sendable, Equatable {
  private(set) var words: [UInt64]

  init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  mutating func insert(_ action: Int) { words[action >> 6] |= 1 << UInt64(action & 63) }

  func contains(_ action: Int) -> Bool {
    action >> 6 < words.count && words[action >> 6] & (1 << UInt64(action & 63)) != 0
  }

  mutating func formUnion(_ other: ActionSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  mutating func subtract(_ other: ActionSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  mutating func formIntersection(_ other: ActionSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  /// Whether every member of another is in it.
  func isSuperset(of other: ActionSet) -> Bool {
    words.indices.allSatisfy { other.words[$0] & ~words[$0] == 0 }
  }

  /// Every member, rising.
  func forEach(_ body: (Int) -> Void) {
    for index in words.indices {
      var word = words[index]
      while word != 0 {
        body(index << 6 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}

/// All actions of a review by number: the vocabulary's catalogue first, in order of name without
/// case, then whatever else statements and events name.
struct ActionCatalogue {
  /// Names as the catalogue, a statement or an event writes them.
  private(set) var names: [String] = []
  /// The names without case.
  private(set) var folded: [String] = []
  /// What each action means.
  private(set) var meanings: [ActionMeaning] = []
  /// Each action's class: an index into `Scoring.hazards`.
  private(set) var classes: [Int] = []
  /// The number of each action's service: what stands before its colon.
  private(set) var services: [Int32] = []
  /// The services by number.
  private var serviceNames: [String] = []
  private var serviceNumbers: [String: Int32] = [:]
  /// The actions that each platform has, by the platform's word.
  private(set) var platforms: [String: ActionSet] = [:]
  /// The number of catalogue actions; higher numbers are named by statements and events only.
  let catalogueCount: Int

  private var numbers: [String: Int] = [:]
  private var meaningOf: [String: ActionMeaning] = [:]
  private var expansions: [String: ActionSet] = [:]
  private let scoring: Scoring

  init(vocabulary: Vocabulary, scoring: Scoring) {
    self.scoring = scoring
    let catalogue = vocabulary.catalogue
    let keys = catalogue.map { $0.name.lowercased() }
    var order = Array(catalogue.indices)
    // The level tables come in order; only what comes from elsewhere has to be sorted.
    if !zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) {
      order.sort { (keys[$0], catalogue[$0].name) < (keys[$1], catalogue[$1].name) }
    }
    numbers.reserveCapacity(2 * order.count)
    for index in order where folded.last != keys[index] {
      numbers[keys[index]] = names.count
      names.append(catalogue[index].name)
      folded.append(keys[index])
      meanings.append(catalogue[index].meaning)
      classes.append(scoring.hazardClass(of: catalogue[index].meaning) ?? 0)
    }
    catalogueCount = names.count
    let known = names
    for name in known { addService(of: name) }
    for entry in catalogue {
      guard let number = numbers[entry.name.lowercased()] else { continue }
      platforms[entry.platform, default: ActionSet(count: catalogueCount)].insert(number)
    }
    // Case may differ between two spellings of one action: the first by name counts.
    for (name, meaning) in vocabulary.meanings.sorted(by: { $0.key < $1.key }) {
      let key = name.lowercased()
      if meaningOf[key] == nil { meaningOf[key] = meaning }
    }
  }

  var count: Int { names.count }

  /// The hazard of an action's class.
  func hazard(of action: Int) -> Double {
    scoring.hazards.indices.contains(classes[action]) ? scoring.hazards[classes[action]].hazard : 0
  }

  /// The number of a named action, without case; made when it is new.
  mutating func number(of name: String) -> Int {
    let key = name.lowercased()
    if let number = numbers[key] { return number }
    let meaning = meaningOf[key] ?? .unknown
    numbers[key] = names.count
    names.append(name)
    folded.append(key)
    meanings.append(meaning)
    classes.append(scoring.hazardClass(of: meaning) ?? 0)
    addService(of: name)
    return names.count - 1
  }

  /// The number of an action that the review already knows.
  func knownNumber(of name: String) -> Int? { numbers[name.lowercased()] }

  /// The service of an action: what stands before its colon; empty where there is none.
  func service(of action: Int) -> String { serviceNames[Int(services[action])] }

  private mutating func addService(of name: String) {
    let colon = name.utf8.firstIndex(of: UInt8(ascii: ":"))
    let service = colon.map { name[..<$0] } ?? ""
    if let last = services.last, serviceNames[Int(last)] == service {
      services.append(last)
      return
    }
    let text = String(service)
    let number = serviceNumbers[text] ?? Int32(serviceNames.count)
    if Int(number) == serviceNames.count {
      serviceNames.append(text)
      serviceNumbers[text] = number
    }
    services.append(number)
  }

  /// The catalogue actions that a pattern covers, without case; remembered per pattern.
  mutating func expand(_ pattern: String) -> ActionSet {
    let key = pattern.lowercased()
    if let known = expansions[key] { return known }
    var set = ActionSet(count: catalogueCount)
    let isWildcard = key.contains { $0 == "*" || $0 == "?" }
    if !isWildcard {
      if let number = numbers[key], number < catalogueCount { set.insert(number) }
    } else {
      let glob = Glob(key)
      let prefix = String(key.prefix { $0 != "*" && $0 != "?" })
      var index = firstIndex(from: prefix)
      while index < catalogueCount, folded[index].hasPrefix(prefix) {
        if glob.matches(folded[index]) { set.insert(index) }
        index += 1
      }
    }
    expansions[key] = set
    return set
  }

  /// The first catalogue action whose name is not before a prefix.
  private func firstIndex(from prefix: String) -> Int {
    var low = 0
    var high = catalogueCount
    while low < high {
      let middle = (low + high) / 2
      if folded[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
