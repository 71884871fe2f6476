internal import Documents
package import Model

/// One sequence policy, checked: every name in it is known and every number in range.
///
/// See `mappings/policies/` for the shipped ones. Spans of time are nanoseconds.
package struct Policy: Sendable, Equatable {
  /// The id: file name, finding prefix and documentation anchor are the same word.
  package var id: String
  /// The version of the language, 1.
  package var version: Int
  /// What is wrong when it is broken, one line.
  package var title: String
  /// How bad that is.
  package var severity: Severity
  /// What the policy says.
  package var rule: Rule
  /// Themes from the closed list; frameworks map these.
  package var themes: [String]
  /// The correlation key: each part in order makes the tuple.
  package var key: [KeyPart]
  /// Whether the key is followed to the root of the delegation tree.
  package var delegation: Delegation?
  /// `unless`: a chain with such an event is excused.
  package var excuse: Excuse?
  /// `until`: forgets every chain started before such an event.
  package var until: Selector?
  /// Last minus first, inclusive, in nanoseconds.
  package var withinNanoseconds: Int64?
  /// Why the policy exists.
  package var because: String
  /// What may look like it and is not.
  package var falsePositives: [String]
  /// What to do about it.
  package var remedy: String
  /// Its examples: tests and documentation.
  package var examples: [Example]
  /// The file it was read from, for messages and links.
  package var file: String
  /// The line in that file where it begins, from 1.
  package var line: Int
  /// All of it that decides what it finds, as one text: two policies with the same text judge alike,
  /// whatever is said to explain them.
  package var judgement = ""
  /// Where its parts are written, by the words that warnings use for them: `within`, step `read`.
  package var places: [String: WrittenPlace] = [:]

  /// The ids of the steps in order, for people: the chain's, or the one step of an aggregate.
  package var stepIDs: [String] {
    switch rule {
    case .forbid(let steps): return steps.map(\.id)
    case .limit(let limit): return limit.anchors.map(\.id) + [limit.aggregate.stepID]
    case .require(let requirement):
      return [requirement.trigger.id, requirement.needed.first?.id ?? "needs"]
    case .order(let order):
      return order.selectors.map(\.id) + (order.accepting == nil ? [] : ["task.end"])
    case .scope(let scope): return [scope.of.id]
    }
  }
}

/// Where a part of a policy is written.
package struct WrittenPlace: Sendable, Equatable {
  /// Line and column, from 1.
  package var line: Int
  package var column: Int
  /// The line's text.
  package var text: String
}

/// What a policy says about the chain.
package enum Rule: Sendable, Equatable {
  /// The ordered chain must not complete.
  case forbid([Step])
  /// A cumulative effect must not pass a bound.
  case limit(Limit)
  /// Something must have come before an event, or must come after it.
  case require(Requirement)
  /// What may follow what.
  case order(StateOrder)
  /// Every event stays inside bounds.
  case scope(Scope)

  /// The word in the document.
  package var word: String {
    switch self {
    case .forbid: return "forbid"
    case .limit: return "limit"
    case .require: return "require"
    case .order: return "order"
    case .scope: return "scope"
    }
  }
}

/// One part of a correlation key: the first of its fields that an event has.
package struct KeyPart: Sendable, Equatable {
  /// The fields to try, in order.
  package var firstOf: [FieldPath]

  /// A part of a key.
  package init(firstOf: [FieldPath]) { self.firstOf = firstOf }
}

/// How a delegated chain is joined to the one that started it.
package struct Delegation: Sendable, Equatable {
  /// What links a child to its parent.
  package enum Link: String, Sendable, CaseIterable {
    case delegatedBy = "delegated-by"
    case parent
    case rootTask = "root-task"
  }
  /// What links a child to its parent.
  package var follow: Link
  /// The most links followed.
  package var depth: Int

  /// A delegation clause.
  package init(follow: Link, depth: Int) {
    self.follow = follow
    self.depth = depth
  }
}

/// A field that a policy names.
package enum FieldPath: Sendable, Hashable {
  /// A built-in field of the event.
  case event(EventField)
  /// `outcome` of the event.
  case outcome
  /// Any other path of the event, for example `args.amount`.
  case attribute(String)
  /// A field of the agent's inventory entry: `agent.kind` is `.agent("kind")`.
  case agent(String)
  /// A field of the task's own request: `task.scope` is `.task("scope")`.
  case task(String)

  /// The path as policies write it.
  package var text: String {
    switch self {
    case .event(let field): return field.word
    case .outcome: return "outcome"
    case .attribute(let path): return path
    case .agent(let path): return "agent.\(path)"
    case .task(let path): return "task.\(path)"
    }
  }
}

/// One step of a chain.
package struct Step: Sendable, Equatable {
  /// The name of the step, unique in the policy.
  package var id: String
  /// Which events can serve it.
  package var selector: Selector
  /// At most this long after the step before.
  package var gapNanoseconds: Int64?
  /// None of these after the step before and ahead of this one.
  package var absent: [Selector]
  /// `repeat: any`: one or more events in its place.
  package var repeats: Bool
  /// A value of an earlier step's result must turn up in this step.
  package var flows: Flow?
}

/// Which events are meant: by what they do and by predicates on their fields.
package struct Selector: Sendable, Equatable {
  /// Capability names or globs; any of them. Empty: any action, or `actions` rules.
  package var does: [String]
  /// Action names or globs, without case; any of them.
  package var actions: [String]
  /// Conditions on fields.
  package var condition: Predicate
  /// Outcomes that match; `[.allowed]` unless the policy says otherwise.
  package var outcomes: [Outcome]
  /// `bind`: register := field of this event.
  package var bind: [RegisterField]
  /// `same`: field equal to a register bound earlier.
  package var same: [RegisterField]
  /// `differs`: field different from a register bound earlier.
  package var differs: [RegisterField]
}

/// A register and the field that it is bound to or compared with.
package struct RegisterField: Sendable, Hashable {
  /// The register's name.
  package var register: String
  /// The field of the event.
  package var field: FieldPath

  /// A register and a field.
  package init(register: String, field: FieldPath) {
    self.register = register
    self.field = field
  }
}

/// A condition on the fields of one event, in Kleene's three values.
package indirect enum Predicate: Sendable, Equatable {
  /// Always true.
  case always
  case all([Predicate])
  case any([Predicate])
  case not(Predicate)
  /// A test of one field.
  case test(FieldPath, Test)
}

/// A test of one field's value.
package enum Test: Sendable, Equatable {
  case equals(Literal)
  case oneOf([Literal])
  /// A glob, with case.
  case like([String])
  /// A regular expression, matched in linear time.
  case matches(String)
  case greater(Double)
  case greaterOrEqual(Double)
  case less(Double)
  case lessOrEqual(Double)
  case exists(Bool)
  /// Equal to another field of the same event.
  case equalsField(FieldPath)
}

/// A constant of a policy.
package enum Literal: Sendable, Hashable {
  case text(String)
  case number(Double)
  case bool(Bool)
}

/// `unless`: what excuses a chain.
package struct Excuse: Sendable, Equatable {
  /// Which events excuse.
  package var selectors: [Selector]
  /// How long ahead of the chain's first step it may lie; 0 opts out.
  package var beforeNanoseconds: Int64
  /// `uses: 1`: good for one chain only; nil for any number.
  package var uses: Int?
}

/// `limit`: a cumulative effect over a window, alone or after anchoring steps.
package struct Limit: Sendable, Equatable {
  /// The steps before the aggregate, in order; empty when it stands alone.
  package var anchors: [Step]
  /// What is added up.
  package var aggregate: Aggregate
}

/// What is added up, and the bound that it must not reach.
package struct Aggregate: Sendable, Equatable {
  /// The name of the aggregated step.
  package var stepID: String
  /// Which events count.
  package var of: Selector
  /// What is counted.
  package var measure: Measure
  /// The bound.
  package var threshold: Double
  /// True for `ge`, false for `gt`.
  package var thresholdIsInclusive: Bool
  /// The window in nanoseconds; nil when only the policy's `within` bounds it.
  package var windowNanoseconds: Int64?

  /// What is counted.
  package enum Measure: Sendable, Equatable {
    case count
    case sum(FieldPath)
    case distinct(FieldPath)
  }
}

/// One example of a policy.
package struct Example: Sendable, Equatable {
  /// What the example shows.
  package var name: String
  /// Whether the policy must find a violation in it.
  package var violates: Bool
  /// The events, one a line: `10:05 ops-agent task=T1 deploy.release environment=production`.
  package var events: String
  /// The line in the policy's file where the events begin.
  package var line: Int
  /// Agents of the example with inventory fields, one a line: `alice kind=user`.
  package var agents: String?
}
