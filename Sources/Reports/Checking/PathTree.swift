/// The paths of names that a check looks for, walked name by name.
///
/// Lists add nothing to a path in JSON; in XML the elements of their members do not either, which is
/// what `members` says by the list's name.
struct PathTree: Sendable {
  /// Where a walk is; `nowhere` when nothing below is looked for.
  typealias Place = Int
  static let root = 0
  static let nowhere = -1

  private struct Node {
    var children: [(name: [UInt8], place: Place)] = []
    var path: String?
  }

  private var nodes = [Node()]

  /// A tree of dotted paths.
  init(_ paths: [String], members: [String: String] = [:]) {
    for path in paths {
      var place = PathTree.root
      for name in path.split(separator: ".") { place = add(String(name), below: place, members) }
      nodes[place].path = path
    }
  }

  private mutating func add(
    _ name: String, below place: Place, _ members: [String: String]
  ) -> Place {
    let bytes = Array(name.utf8)
    if let known = nodes[place].children.first(where: { $0.name == bytes }) { return known.place }
    let new = nodes.count
    nodes.append(Node())
    nodes[place].children.append((bytes, new))
    if let member = members[name] { nodes[new].children.append((Array(member.utf8), new)) }
    return new
  }

  /// The place of a name below another; `nowhere` when it leads to nothing.
  func place(_ name: some Collection<UInt8>, below place: Place) -> Place {
    guard place >= 0 else { return PathTree.nowhere }
    return nodes[place].children.first { $0.name.elementsEqual(name) }?.place ?? PathTree.nowhere
  }

  /// The path that ends at a place; nil when none does.
  func path(_ place: Place) -> String? { place >= 0 ? nodes[place].path : nil }
}
