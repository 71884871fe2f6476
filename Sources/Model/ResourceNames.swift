/// Tells the name of a resource from what lies inside it: `bucket` of `bucket/key`.
package struct ResourceNames: Sendable, Equatable {
  /// Services, as UTF-8, whose ARNs begin with the name itself and not with a kind of resource:
  /// `arn:aws:s3:::bucket/key` lies in one resource, `...:role/path/name` is one by itself.
  private let nameFirst: [[UInt8]]

  /// Names by the services whose ARNs begin with the name.
  package init(nameFirst services: [String]) { nameFirst = services.map { Array($0.utf8) } }

  /// How many bytes of a resource without wildcards are its name: all of them, but for ARNs of the
  /// services whose resources contain others.
  package func length(of resource: UnsafeBufferPointer<UInt8>) -> Int {
    guard resource.count > 4, resource[0] == UInt8(ascii: "a"), resource[1] == UInt8(ascii: "r"),
      resource[2] == UInt8(ascii: "n"), resource[3] == UInt8(ascii: ":")
    else { return resource.count }
    var colons = 0
    var service = 0..<0
    var index = 0
    while index < resource.count, colons < 5 {
      if resource[index] == UInt8(ascii: ":") {
        colons += 1
        if colons == 2 { service = index + 1..<index + 1 }
        if colons == 3 { service = service.lowerBound..<index }
      }
      index += 1
    }
    guard colons == 5, nameFirst.contains(where: { $0.elementsEqual(resource[service]) }) else {
      return resource.count
    }
    while index < resource.count, resource[index] != UInt8(ascii: "/") { index += 1 }
    return index
  }
}
