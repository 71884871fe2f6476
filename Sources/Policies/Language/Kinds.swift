package import Model

/// `require`: what must have come before an event, or must come after it.
package struct Requirement: Sendable, Equatable {
  /// Which way a requirement looks.
  package enum Direction: Sendable, Equatable {
    /// `before` and `needs`: violated at the event that lacked what it needs.
    case precondition
    /// `after` and `then`: violated at the deadline, `within` after the event.
    case obligation
  }
  /// Which way it looks.
  package var direction: Direction
  /// The event that needs something, `before` or `after`: an id and what it selects.
  package var trigger: NamedSelector
  /// What is needed, `needs` or `then`: any of them will do. They share one id.
  package var needed: [NamedSelector]
}

/// A selector with the name that reports show for it.
package struct NamedSelector: Sendable, Equatable {
  /// The name, unique in the policy but for the alternatives of one place.
  package var id: String
  /// Which events are meant.
  package var selector: Selector

  /// A named selector.
  package init(id: String, selector: Selector) {
    self.id = id
    self.selector = selector
  }
}

/// `order`: what may follow what, as states and the actions that lead from one to the next.
///
/// An event counts when it satisfies some selector of the policy. `task.end` outside of `accept` is
/// a violation, and what follows begins anew; so it does after `until`. A key that has begun and is
/// outside of `accept` when its log ends is pending, at the last transition that was taken; where
/// none was, at the last event that counted.
package struct StateOrder: Sendable, Equatable {
  /// What an action does that is named in no transition of the present state.
  package enum Otherwise: String, Sendable, CaseIterable {
    case violation, ignore
  }
  /// One way from a state to another.
  package struct Transition: Sendable, Equatable {
    /// The index in `selectors`.
    package var selector: Int
    /// The index in `states`.
    package var next: Int

    /// A transition.
    package init(selector: Int, next: Int) {
      self.selector = selector
      self.next = next
    }
  }
  /// The names of the states, in the document's order.
  package var states: [String]
  /// The index of the state before any event.
  package var start: Int
  /// The selectors of all transitions, equal ones once, in the document's order.
  package var selectors: [NamedSelector]
  /// For each state its transitions: of those that an event satisfies the first is taken.
  package var transitions: [[Transition]]
  /// The states in which a task may end; nil when it may end in any.
  package var accepting: [Bool]?
  /// What an action does that the policy names and the present state does not.
  package var otherwise: Otherwise
}

/// `scope`: the bounds that every event of a key stays inside.
package struct Scope: Sendable, Equatable {
  /// One bound of one field.
  package enum Bound: Sendable, Equatable {
    /// A glob, with case.
    case like(String)
    /// Equal to a register that the key's first event binds.
    case register(String)
    /// Matched by a value of another field, read as a glob: `task.scope`, `agent.environment`.
    case field(FieldPath)
  }
  /// A field and what its values may be: any of the bounds.
  package struct Allowed: Sendable, Equatable {
    /// The field; each of its values must be inside.
    package var field: FieldPath
    /// What a value may be.
    package var bounds: [Bound]

    /// A bounded field.
    package init(field: FieldPath, bounds: [Bound]) {
      self.field = field
      self.bounds = bounds
    }
  }
  /// Which events are bounded: those of any action unless the policy says.
  package var of: NamedSelector
  /// What the key's first event binds.
  package var bind: [RegisterField]
  /// The bounded fields, in the document's order; an event must be inside of all.
  package var allow: [Allowed]
  /// `widen: forbid`: a delegated task stays inside what its parent may do.
  package var forbidsWidening: Bool
}

/// `flows`: a distinctive value of an earlier step's result turns up in this step's fields.
package struct Flow: Sendable, Equatable {
  /// The index of the earlier step.
  package var from: Int
  /// The fields, taken together; each stands for itself and everything below it.
  package var into: [String]
  /// `notIn: task.request`: the task's own request did not name the value.
  package var isNotInRequest: Bool
  /// `kinds`: which values count; `.instruction` alone means what the result told the agent to do.
  package var kinds: TokenKinds
  /// `standing: text`: only values that stand in running text of the result.
  package var isInText: Bool

  /// A flow.
  package init(
    from: Int, into: [String], isNotInRequest: Bool, kinds: TokenKinds = .values,
    isInText: Bool = false
  ) {
    self.from = from
    self.into = into
    self.isNotInRequest = isNotInRequest
    self.kinds = kinds
    self.isInText = isInText
  }

  /// The field that stands for the action itself.
  package static let action = "action"

  /// `kinds: [instruction], into: action`: the result told the agent to do such an action. The
  /// action's tokens are `WordRules.kinds(of:_:)`; it is one thing, so that a request which names it
  /// in part, by any of its tokens, names it.
  package var isInstruction: Bool { kinds == .instruction }

  /// The path of the attributes that hold the tokens of a step's result.
  package var resultPath: String {
    TokenQuery(field: "result", kinds: kinds, isInText: isInText).path
  }

  /// The paths of the attributes that hold the tokens of the fields that the value flows into;
  /// empty for an instruction, whose tokens are known by the action.
  package var intoPaths: [String] {
    isInstruction ? [] : into.map { TokenQuery(field: $0, kinds: kinds).path }
  }

  /// The paths of the attributes that hold the tokens of a task's own request: of its text, and of
  /// all its arguments.
  package var requestPaths: [String] {
    let asked = isInstruction ? TokenKinds.mention : kinds
    return ["args", "args.text"].map { TokenQuery(field: $0, kinds: asked).path }
  }
}
