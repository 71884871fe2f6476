package import Model

/// A number from 0 to 100, or why there is none.
package enum Score: Sendable, Equatable {
  /// All that it needs was seen.
  case assessed(Int)
  /// What was seen proves at least this much.
  case atLeast(Int, reason: String)
  /// Nothing could be judged: neither a pass nor a zero.
  case notAssessed(reason: String)

  /// The number where there is one.
  package var value: Int? {
    switch self {
    case .assessed(let value), .atLeast(let value, _): return value
    case .notAssessed: return nil
    }
  }

  /// `assessed`, `at least`, `not assessed`.
  package var statusWord: String {
    switch self {
    case .assessed: return "assessed"
    case .atLeast: return "at least"
    case .notAssessed: return "not assessed"
    }
  }

  /// Why it is not a plain number; nil when it is.
  package var reason: String? {
    switch self {
    case .assessed: return nil
    case .atLeast(_, let reason), .notAssessed(let reason): return reason
    }
  }
}

/// One row of the privilege index: a class of actions by its most hazardous capability, or level.
package struct PrivilegeTerm: Sendable, Equatable {
  /// The capability or level that names the class.
  package var hazardClass: String
  /// Its hazard h, 0 to 1.
  package var hazard: Double
  /// The greatest unused reach of one privilege of the class.
  package var maxUnusedReach: Double
  /// The sum of unused reach over the class.
  package var sumUnusedReach: Double
  /// x = 0.7 max u + 0.3 min(1, log2(1 + sum u) / 5).
  package var exposure: Double
  /// 1 - h x, the factor of the product.
  package var factor: Double
  /// Actions of the class that are held, and that were used.
  package var held: Int
  package var used: Int
}

/// The privilege index with all that makes it.
package struct PrivilegeIndex: Sendable, Equatable {
  package var score: Score
  /// One row a class, by falling hazard, then name; the index is
  /// `round(100 (1 - product of factors))`, or the floor where that is higher.
  package var terms: [PrivilegeTerm]
  /// The floor that applies, and why.
  package var floor: Int?
  package var floorReason: String?
}

/// One row of the composition index: one occurrence or latent chain.
package struct CompositionTerm: Sendable, Equatable {
  package var finding: String
  /// The occurrence; nil for a latent chain.
  package var occurrence: String?
  package var policy: String
  /// Its risk r, and its place in its policy's row in descending r, from 1.
  package var risk: Double
  package var place: Int
  /// 1 - r / 2^(place - 1), the factor of the product.
  package var factor: Double
}

/// The composition index with all that makes it.
package struct CompositionIndex: Sendable, Equatable {
  package var score: Score
  /// Rows by falling risk; latent ones last: they lift the index to at most 24 together.
  package var terms: [CompositionTerm]
  /// The lift by latent chains: the index is at least this; nil when there are none.
  package var latentLift: Int?
  /// The floor that applies, and why.
  package var floor: Int?
  package var floorReason: String?
}

/// One privilege that an agent effectively holds: an action on the maximal resource patterns.
package struct HeldPrivilege: Sendable, Equatable {
  /// What the log says about its use.
  package enum Usage: String, Sendable, CaseIterable {
    case used
    case unused
    /// Used, but granted wider than observed.
    case usedNarrower = "used narrower"
    /// The log could not have shown it, or too few days were seen.
    case cannotBeSeen = "cannot be seen"
  }

  /// The action's name as the catalogue or the log writes it; for tools the tool's name. Where an
  /// agent holds very many, those never used and granted alike stand in one row, for example
  /// `iam:* (158 actions)`; `actions` counts them.
  package var action: String
  /// How many actions the row stands for.
  package var actions: Int = 1
  /// The maximal resource patterns, sorted; `["*"]` for every resource.
  package var resources: [String]
  /// Patterns that a deny or an exception takes out of them, sorted.
  package var except: [String] = []
  /// Patterns of a ceiling that must match as well, where it overlaps without being nested; sorted.
  package var limits: [String] = []
  /// For a row of several actions the level of the most hazardous one.
  package var level: Level
  /// Capability words, sorted.
  package var capabilities: [String]
  /// Where the classification comes from.
  package var meaningOrigin: MeaningOrigin
  /// The statement that grants it; the first by position when several do.
  package var origin: Origin
  package var position: SourcePosition
  /// How many statements grant it.
  package var grants: Int
  /// The condition under which it holds, which could not be judged; nil when unconditional.
  package var condition: String?
  package var usage: Usage
  /// Uses in the window, allowed ones.
  package var uses: Int
  package var lastUse: Timestamp?
  /// Resources on which it was used, sorted, at most `observedResourcesMax`.
  package var observedResources: [String]
  /// Held reach and unused reach, 0 to 1.
  package var reach: Double
  package var unusedReach: Double
  /// What is advised for it; nil where there is nothing to do.
  package var advice: CleanupRow.Advice?

  /// The most observed resources that are kept.
  package static let observedResourcesMax = 50
}

/// What lies behind "unused" for one agent.
package struct UsageEvidence: Sendable, Equatable {
  /// Events of the agent in the window.
  package var events: Int
  /// Days in the window on which its log has anything, of how many days.
  package var daysWithLogs: Int
  package var daysInWindow: Int
  package var firstEvent: Timestamp?
  package var lastEvent: Timestamp?
  /// Source types that show its events, sorted.
  package var sources: [String]
  /// Good-Turing: the share of its next actions expected to be ones seen before, 0 to 1; nil with
  /// no events.
  package var coverage: Double?
  /// With no use on n such days, needed on fewer than this share of days (95%): 3 / n.
  package var neededOnFewerThan: Double?
  /// Whether the evidence reaches the threshold for advice to revoke.
  package var isEnough: Bool
  /// Why not, and which log to switch on; nil when it is enough.
  package var shortfall: String?
}

/// An agent as this review sees it.
package struct AgentAssessment: Sendable, Equatable {
  package var agent: Agent
  package var privilegeIndex: PrivilegeIndex
  package var compositionIndex: CompositionIndex
  /// 100 (1 - (1 - p/100)(1 - c/100)).
  package var risk: Score
  /// The worse of the two bands; nil when nothing was assessed, or where nothing was held or seen.
  package var band: Severity?
  /// Whether the band is a lower bound and no verdict: a part of the agent was not assessed.
  package var isBandAtLeast: Bool {
    guard case .atLeast = risk else { return false }
    return band != nil
  }
  /// `assessed`, `at least`, `not assessed`.
  package var bandStatus: String {
    band == nil ? "not assessed" : isBandAtLeast ? "at least" : "assessed"
  }
  /// Every privilege held, by falling hazard x unused reach, then action.
  package var privileges: HeldPrivileges
  /// Counts of single actions; `held = used + unused + unseen`, and the sum of the rows' `actions`
  /// is `held`.
  package var held: Int
  package var used: Int
  package var unused: Int
  package var unseen: Int
  /// Statements with a condition that could not be judged.
  package var conditionalStatements: Int
  package var evidence: UsageEvidence
  /// What it proves itself with, in the order of their places; nil where no source lists it.
  package var credentials: [AgentCredential]?
  /// Ids of its findings, in the review's order.
  package var findings: [String]
}

/// One row of the clean-up list.
package struct CleanupRow: Sendable, Equatable {
  /// What to do with a privilege.
  package enum Advice: String, Sendable, CaseIterable {
    case revoke
    case narrow
    case justInTime = "make just-in-time"
    case keep
    case keepEvidenceThin = "keep: evidence too thin"
    case needsOwner = "needs owner"
  }

  package var agent: String
  package var owner: String?
  /// The action, or those that one grant gives alike, for example `iam:* (158 actions)`.
  package var action: String
  /// How many actions the row stands for.
  package var actions: Int = 1
  /// Of a row of several actions their names, or a wildcard where they are too many to name; empty
  /// where `action` says it.
  package var patterns: [String] = []
  /// For a wildcard the actions under it that were used; sorted.
  package var besides: [String] = []
  /// The resource patterns granted, sorted; of a row of several grants those of all of them.
  package var resources: [String]
  package var level: Level
  package var capabilities: [String]
  package var advice: Advice
  /// For `narrow`: the observed resources to narrow to.
  package var narrowTo: [String]
  /// By how many points the agent's privilege index falls when the row is carried out alone.
  package var riskRemoved: Int
  /// Unrounded hazard x unused reach, for a stable order among equal rows.
  package var hazardRemoved: Double
  package var lastUse: Timestamp?
  package var uses: Int
  package var daysWithLogs: Int
  package var daysInWindow: Int
  package var neededOnFewerThan: Double?
  /// The statement that grants it; of a row of several, that of its most hazardous action.
  package var origin: Origin
  /// How many statements the row takes together.
  package var origins: Int = 1
  /// The statement in words, and how many others there are.
  package var via: String {
    origins > 1 ? "\(origin.text) and \(counted(origins - 1, "other"))" : origin.text
  }
  /// Why, in words.
  package var because: String
}
