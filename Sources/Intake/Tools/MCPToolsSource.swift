internal import Model

extension Source {
  /// What an MCP server answers to `tools/list`: the tools of whoever is connected to it.
  static let mcpTools = values(
    name: "mcp-tools",
    summary: "answers of MCP servers to `tools/list`: tools as privileges, with their hints",
    recognise: { sketch in
      let found = ["tools.", "result.tools.", ""].first { prefix in
        sketch.records.contains { record in
          record.has("\(prefix)name", .text) && record.has("\(prefix)inputSchema", .object)
        }
      }
      guard let found else { return nil }
      let place = found.isEmpty ? "" : "\(quoted(String(found.dropLast()))) with "
      return "has \(place)`name` and `inputSchema`"
    },
    under: { _ in nil },
    reader: { reading in
      var list = ToolList(path: reading.path)
      return { list.read($0, line: $1, &$2) }
    })
}

/// The tools of one file.
private struct ToolList {
  /// Whose they are where the file does not say: the file's name without its endings.
  private let fallback: String
  private var seen: Set<[String]> = []

  init(path: String) {
    let name = path.split(separator: "/").last ?? ""
    fallback = String(name.prefix { $0 != "." })
  }

  /// Reads an answer, what an answer holds, or one tool.
  mutating func read(_ root: JSONNode, line: Int, _ reading: inout Reading) {
    guard root.isObject else {
      reading.problem(
        line: line, "\(root.kindWord) where an object was expected", "not read")
      return
    }
    let agent = root["agent"]?.filledText ?? fallback
    guard let tools = root["tools"] ?? root["result"]?["tools"] else {
      // A log of the protocol has other answers, too; only a list names tools.
      if root["inputSchema"] != nil || root["name"] != nil { add(root, agent, line, &reading) }
      return
    }
    if !tools.isArray {
      reading.problem(line: line, "`tools` must be a list, not \(tools.kindWord)", "not read")
    }
    for tool in tools.elements { add(tool, agent, line, &reading) }
    if (root["nextCursor"] ?? root["result"]?["nextCursor"])?.filledText != nil {
      reading.problem(
        line: line, "`nextCursor` says that the list goes on",
        "tools on pages that are not in the input are unknown")
    }
  }

  private mutating func add(
    _ node: JSONNode, _ agent: String, _ line: Int, _ reading: inout Reading
  ) {
    guard node.isObject, let tool = ListedTool(node, line: line) else {
      reading.problem(line: line, "a tool without `name`", "not read")
      return
    }
    if seen.insert([agent, tool.name]).inserted { tool.grant(to: agent, &reading) }
  }
}
