internal import Model

/// One field that a scope bounds, resolved against one review.
struct ScopeField: Sendable {
  /// One bound of it.
  enum Bound: Sendable {
    case like(Glob)
    /// A register of the key's first event, and its name.
    case register(CompiledPolicy.Comparison, String)
    case field(FieldAccess, FieldPath)

    var namesTask: Bool {
      if case .field(_, .task) = self { return true }
      return false
    }

    /// What is missing where the bound is not known.
    var missingWords: String {
      switch self {
      case .like: return ""
      case .register(_, let name): return "the first event lacks what `\(name)` is bound to"
      case .field(_, let path): return "`\(path.text)` is not known"
      }
    }
  }

  var path: FieldPath
  var access: FieldAccess
  var bounds: [Bound]

  /// Whether a bound is what the task declares.
  var namesTask: Bool { bounds.contains { $0.namesTask } }

  /// Whether the task of an event declares one of its bounds.
  func isDeclared(_ event: Event, _ fields: EventFields) -> Bool {
    bounds.contains { bound in
      if case .field(let access, .task) = bound { return !fields.values(access, of: event).isNone }
      return false
    }
  }

  /// The fields of a scope, in its order.
  static func all(
    of scope: Scope, _ table: RoleTable, _ fields: inout EventFields
  ) -> [ScopeField] {
    let bound = table.firstRole.map { table.roles[$0].bind } ?? []
    return scope.allow.map { allowed in
      var bounds: [Bound] = []
      for item in allowed.bounds {
        switch item {
        case .like(let glob): bounds.append(.like(Glob(glob)))
        case .register(let name):
          let register = table.registers.firstIndex(of: name)
          guard let comparison = bound.first(where: { $0.register == register }) else { continue }
          bounds.append(.register(comparison, name))
        case .field(let path): bounds.append(.field(fields.access(path), path))
        }
      }
      return ScopeField(path: allowed.field, access: fields.access(allowed.field), bounds: bounds)
    }
  }
}
