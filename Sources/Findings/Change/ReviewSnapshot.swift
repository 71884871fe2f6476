package import Model
package import Policies

/// What a later review needs to know of one: what was found, and by which rules on what evidence.
package struct ReviewSnapshot: Sendable, Equatable {
  /// By what a review judged: where this differs, a change need not be the organisation's.
  package struct Rules: Sendable, Equatable {
    /// Digests of what each policy judges, by the policy's id.
    package var policies: [String: String]
    /// The vocabulary's version.
    package var vocabulary: String
    /// The scoring's version, and a digest of its numbers.
    package var scoring: String
    package var scoringDigest: String

    /// Rules of a review.
    package init(
      policies: [String: String], vocabulary: String, scoring: String, scoringDigest: String
    ) {
      self.policies = policies
      self.vocabulary = vocabulary
      self.scoring = scoring
      self.scoringDigest = scoringDigest
    }
  }

  /// One agent's scores and what they rest on.
  package struct Agent: Sendable, Equatable {
    package var id: String
    /// Scores from 0 to 100; nil when not assessed.
    package var privilege: Int?
    package var composition: Int?
    package var held: Int
    package var unused: Int
    /// Source types that showed its events, sorted.
    package var sources: [String]
    /// Whether its evidence was enough to call anything unused.
    package var isEvidenceEnough: Bool
    /// The worse of its two bands; nil when not assessed, or when no more is known than the scores.
    package var band: Severity?
    /// Single actions whose use no log can show; nil when no more is known than the other counts.
    package var unseen: Int?

    /// One agent of a review.
    package init(
      id: String, privilege: Int?, composition: Int?, held: Int, unused: Int, sources: [String],
      isEvidenceEnough: Bool
    ) {
      self.id = id
      self.privilege = privilege
      self.composition = composition
      self.held = held
      self.unused = unused
      self.sources = sources
      self.isEvidenceEnough = isEvidenceEnough
    }
  }

  /// One finding as it stood.
  package struct Finding: Sendable, Equatable {
    package var id: String
    package var policy: String
    package var title: String
    package var kind: Findings.Finding.Kind
    package var status: Findings.Finding.Status
    package var severity: Severity
    package var agents: [String]
    /// How often it happened.
    package var occurrences: Int
    /// When it happened last; nil for what has no time.
    package var last: Timestamp?

    /// One finding of a review.
    package init(
      id: String, policy: String, title: String, kind: Findings.Finding.Kind,
      status: Findings.Finding.Status, severity: Severity, agents: [String], occurrences: Int,
      last: Timestamp?
    ) {
      self.id = id
      self.policy = policy
      self.title = title
      self.kind = kind
      self.status = status
      self.severity = severity
      self.agents = agents
      self.occurrences = occurrences
      self.last = last
    }
  }

  /// The review's id and window.
  package var review: String
  package var from: Timestamp?
  package var to: Timestamp?
  package var rules: Rules
  /// Agents and findings, sorted by id.
  package var agents: [Agent]
  package var findings: [Finding]

  /// A snapshot of its parts.
  package init(
    review: String, from: Timestamp?, to: Timestamp?, rules: Rules, agents: [Agent],
    findings: [Finding]
  ) {
    self.review = review
    self.from = from
    self.to = to
    self.rules = rules
    self.agents = agents.sorted { $0.id < $1.id }
    self.findings = findings.sorted { $0.id < $1.id }
  }

  /// What a later review needs to know of a review.
  ///
  /// - Parameters:
  ///   - id: The review's id.
  ///   - vocabulary: The vocabulary's version.
  package init(_ review: Review, id: String, policies: [Policy], vocabulary: String) {
    self.init(
      review: id, from: review.from, to: review.to,
      rules: Rules(
        policies: Dictionary(policies.map { ($0.id, policyDigest($0)) }) { first, _ in first },
        vocabulary: vocabulary, scoring: review.scoringVersion,
        scoringDigest: scoringDigest(review.scoringNumbers)),
      agents: review.agents.map { assessment in
        var agent = Agent(
          id: assessment.agent.id, privilege: assessment.privilegeIndex.score.value,
          composition: assessment.compositionIndex.score.value, held: assessment.held,
          unused: assessment.unused, sources: assessment.evidence.sources,
          isEvidenceEnough: assessment.evidence.isEnough)
        agent.band = assessment.band
        agent.unseen = assessment.unseen
        return agent
      },
      findings: review.findings.map { finding in
        Finding(
          id: finding.id, policy: finding.policy, title: finding.title, kind: finding.kind,
          status: finding.status, severity: finding.severity, agents: finding.agents,
          occurrences: finding.occurrencesInAll,
          last: finding.occurrences.compactMap { $0.chain.last?.time }.max())
      })
  }
}

/// A digest of what a policy judges: 16 hex digits, the same for policies that judge alike.
package func policyDigest(_ policy: Policy) -> String {
  digest([policy.judgement], hexDigits: 16)
}

/// A digest of the numbers of the scores: 16 hex digits.
package func scoringDigest(_ numbers: [NamedValue]) -> String {
  digest(numbers.flatMap { [$0.name, $0.value] }, hexDigits: 16)
}
