package import Model
package import Policies

/// Every number that a score is made of, as `mappings/scoring.yaml` gives it.
package struct Scoring: Sendable, Equatable {
  /// The version of the numbers; changes with any of them.
  package var version: String
  /// The hazard of each capability and level, by falling hazard, then name.
  package var hazards: [Hazard]
  /// How resource scopes are weighed.
  package var reach: ReachNumbers
  /// How unused reach becomes exposure.
  package var exposure: Exposure
  /// What the index is at least.
  package var floors: Floors
  /// Where the bands begin.
  package var bands: Bands
  /// What evidence of no use must reach.
  package var evidence: EvidenceThreshold
  /// How chains are weighed.
  package var composition: CompositionNumbers
  /// When advice is what.
  package var advice: AdviceNumbers
  /// Which logs show the use of which grants.
  package var logs: [LogRule]
  /// Actions that a log shows only when it is switched on for them.
  package var visibility: [VisibilityRule]
  /// When a credential is too old, or has lain unused for too long.
  package var credentials: CredentialLimits
  /// Ways from ordinary privileges to administrator, from `mappings/escalation/*.yaml`; empty
  /// until the command fills them in.
  package var escalationPaths: [EscalationPath] = []

  /// The hazard of a class of actions.
  package struct Hazard: Sendable, Equatable {
    /// A capability or a level.
    package var name: String
    /// 0 to 1.
    package var hazard: Double
  }

  /// x = maxShare * max u + sumShare * min(1, log2(1 + sum u) / doublings).
  package struct Exposure: Sendable, Equatable {
    package var maxShare: Double
    package var sumShare: Double
    package var doublings: Double
  }

  /// Least values of the privilege index.
  package struct Floors: Sendable, Equatable {
    package var administratorUnused: Int
    package var escalationUnused: Int
    package var escalationPartlyUnused: Int
  }

  /// The first index of each band above low.
  package struct Bands: Sendable, Equatable {
    package var moderate: Int
    package var high: Int
    package var critical: Int
  }

  /// What a log must have for "unused" to mean something.
  package struct EvidenceThreshold: Sendable, Equatable {
    /// Days with logs.
    package var daysMin: Int
    /// Share of the window's days, 0 to 1.
    package var windowShareMin: Double
    /// The three of the rule of three.
    package var ruleOfThree: Double
  }

  /// Ages from which a credential is a finding, in days at the review's end.
  package struct CredentialLimits: Sendable, Equatable {
    /// Since it was made or changed for the last time.
    package var changedDaysMax: Int
    /// Since its last use, or where it has none since it was made.
    package var unusedDaysMax: Int
    /// Actions by which a person signs in, and no program does.
    package var signIns: [String]
  }

  /// How chains are weighed.
  package struct CompositionNumbers: Sendable, Equatable {
    /// By severity, in the order of `Severity.allCases`.
    package var severities: [Double]
    /// By link, in the order of `LinkStrength.allCases`.
    package var links: [Double]
    package var halfLifeDays: Double
    package var nearMiss: Double
    /// What a chain that could happen weighs of one that did.
    package var latent: Double
    /// The most that latent chains lift the index to.
    package var latentMax: Int
    /// The least index with a realised critical chain.
    package var realisedCritical: Int

    /// The weight of a severity.
    package func weight(_ severity: Severity) -> Double { severities[severity.rank] }

    /// The weight of a link.
    package func weight(_ link: LinkStrength) -> Double {
      for (index, each) in LinkStrength.allCases.enumerated() where each == link {
        return links[index]
      }
      return 0
    }
  }

  /// When advice is what.
  package struct AdviceNumbers: Sendable, Equatable {
    /// Used on at most this many days of the window is rare.
    package var rareDaysMax: Int
    /// From this hazard on rare use is better made just in time.
    package var justInTimeHazardMin: Double
    /// Use at least this far apart, again and again, is regular.
    package var regularDaysApartMin: Int
  }

  /// Which logs would show the use of grants that a source type lists.
  package struct LogRule: Sendable, Equatable {
    /// The source type of the grants, for example `aws-authorization-details`.
    package var grants: String
    /// The source types of the logs; any of them.
    package var logs: [String]
  }

  /// Actions that a log shows only when something is switched on; one event of them in the whole
  /// log proves that it is.
  package struct VisibilityRule: Sendable, Equatable {
    /// What to switch on, for people.
    package var switchOn: String
    /// The source type of the log.
    package var log: String
    /// Action patterns, without case.
    package var actions: [String]
  }

  /// The band of an index.
  package func band(of index: Int) -> Severity {
    if index >= bands.critical { return .critical }
    if index >= bands.high { return .high }
    return index >= bands.moderate ? .moderate : .low
  }

  /// The class of an action: its most hazardous capability, else its level, as an index into
  /// `hazards`; nil only when the numbers lack the level.
  func hazardClass(of meaning: ActionMeaning) -> Int? {
    hazards.firstIndex { meaning.capabilities.contains($0.name) }
      ?? hazards.firstIndex { $0.name == meaning.level.rawValue }
  }

  /// All numbers by name, in the order of the file, for reports.
  package var numbers: [NamedValue] {
    var numbers: [NamedValue] = []
    func add(_ name: String, _ value: Double) {
      numbers.append(NamedValue(name: name, value: decimalText(value, digits: 4)))
    }
    for hazard in hazards { add("hazards.\(hazard.name)", hazard.hazard) }
    add("reach.every", reach.every)
    add("reach.many", reach.many)
    add("reach.manyCount", Double(reach.manyCount))
    add("reach.several", reach.several)
    add("reach.severalCount", Double(reach.severalCount))
    add("reach.one", reach.one)
    add("reach.labelled", reach.labelled)
    add("exposure.maxShare", exposure.maxShare)
    add("exposure.sumShare", exposure.sumShare)
    add("exposure.doublings", exposure.doublings)
    add("floors.administratorUnused", Double(floors.administratorUnused))
    add("floors.escalationUnused", Double(floors.escalationUnused))
    add("floors.escalationPartlyUnused", Double(floors.escalationPartlyUnused))
    add("bands.moderate", Double(bands.moderate))
    add("bands.high", Double(bands.high))
    add("bands.critical", Double(bands.critical))
    add("evidence.daysMin", Double(evidence.daysMin))
    add("evidence.windowShareMin", evidence.windowShareMin)
    add("evidence.ruleOfThree", evidence.ruleOfThree)
    for severity in Severity.allCases {
      add("composition.severity.\(severity.rawValue)", composition.weight(severity))
    }
    for link in LinkStrength.allCases {
      add("composition.link.\(link.rawValue)", composition.weight(link))
    }
    add("composition.halfLifeDays", composition.halfLifeDays)
    add("composition.nearMiss", composition.nearMiss)
    add("composition.latent", composition.latent)
    add("composition.latentMax", Double(composition.latentMax))
    add("composition.realisedCritical", Double(composition.realisedCritical))
    add("advice.rareDaysMax", Double(advice.rareDaysMax))
    add("advice.justInTimeHazardMin", advice.justInTimeHazardMin)
    add("advice.regularDaysApartMin", Double(advice.regularDaysApartMin))
    add("credentials.changedDaysMax", Double(credentials.changedDaysMax))
    add("credentials.unusedDaysMax", Double(credentials.unusedDaysMax))
    return numbers
  }
}
