import Foundation

/// Files that an organisation has beside its logs, made up at random: none is an input.
enum OtherFiles {
  struct File {
    var name: String
    var bytes: [UInt8]
  }

  static func all(_ random: inout SeededGenerator) -> [File] {
    var files: [File] = []
    for round in 0..<10 {
      files += binaries(&random)
      for (name, text) in code(round, &random) + documents(round, &random) + tables(round) {
        files.append(File(name: name, bytes: Array(text.utf8)))
      }
    }
    return files
  }

  private static func noise(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private static func word(_ random: inout SeededGenerator) -> String {
    let words = ["agent", "action", "time", "orders", "owner", "tool", "role", "events", "id", "x"]
    return words.randomElement(using: &random) ?? "x"
  }

  private static func binaries(_ random: inout SeededGenerator) -> [File] {
    let starts: [(String, [UInt8])] = [
      ("png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), ("jpg", [0xFF, 0xD8, 0xFF, 0xE0]),
      ("gif", Array("GIF89a".utf8)), ("pdf", Array("%PDF-1.7\n".utf8)),
      ("zip", [0x50, 0x4B, 3, 4]),
      ("elf", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]), ("parquet", Array("PAR1".utf8)), ("bin", []),
    ]
    return starts.map { name, start in
      File(name: name, bytes: start + noise(Int.random(in: 64...4_000, using: &random), &random))
    }
  }

  private static func code(
    _ round: Int, _ random: inout SeededGenerator
  ) -> [(String, String)] {
    let (one, two) = (word(&random), word(&random))
    return [
      ("swift", "import Foundation\n\nstruct \(one) {\n  var \(two): Int = \(round)\n}\n"),
      ("py", "import json\n\ndef \(one)(agent, action):\n    return {\"agent\": \(round)}\n"),
      ("c", "#include <stdio.h>\nint main(void) { return \(round); } /* \(one) */\n"),
      ("js", "{\n  const agent = \(round);\n}\nmodule.exports = { \(one): \"\(two)\" };\n"),
      (
        "html", "<!doctype html><title>\(one)</title><p>{\"agent\": \"a\", \"action\": \"x\"}</p>\n"
      ),
      ("xml", "<?xml version=\"1.0\"?><\(one)><\(two)>1</\(two)></\(one)>\n"),
      ("toml", "[package]\nname = \"\(one)\"\nversion = \"0.\(round)\"\n"),
      ("md", "# \(one)\n\nagent: the one who acts\n\n- action: \(two)\n- time: today\n"),
      ("log", "2026-07-01T00:00:00Z INFO agent \(one) did action \(two)\n"),
      ("sh", "#!/bin/sh\nset -eu\necho '{\"agent\":1}' >\(one)\n"),
    ]
  }

  private static func documents(
    _ round: Int, _ random: inout SeededGenerator
  ) -> [(String, String)] {
    let (one, two) = (word(&random), word(&random))
    let json = [
      #"{"name":"\#(one)","version":"1.\#(round)","scripts":{"\#(two)":"x"},"dependencies":{}}"#,
      #"{"type":"FeatureCollection","features":[{"type":"Feature","id":\#(round),"properties":{"owner":"a"}}]}"#,
      #"{"version":4,"terraform_version":"1.9","resources":[{"mode":"managed","type":"aws_iam_role","name":"\#(one)"}]}"#,
      #"{"openapi":"3.1.0","info":{"title":"\#(one)"},"paths":{"/\#(two)":{"get":{"operationId":"x"}}}}"#,
      #"{"cells":[{"cell_type":"code","source":["agent"]}],"metadata":{},"nbformat":4}"#,
      #"{"id":"\#(round)","type":"PushEvent","actor":{"id":1,"login":"octocat"},"repo":{"id":1,"name":"a/b"},"payload":{},"created_at":"2026-07-01T00:00:00Z"}"#,
      #"{"action":"opened","number":\#(round),"pull_request":{"id":1},"repository":{"id":1},"sender":{"login":"octocat"}}"#,
      #"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-07-01T00:00:00Z","s3":{"bucket":{"name":"\#(one)"}}}]}"#,
      #"{"insertId":"\#(round)","logName":"projects/p/logs/stdout","textPayload":"\#(one)","timestamp":"2026-07-01T00:00:00Z"}"#,
      #"{"time":"2026-07-01T00:00:00Z","resourceId":"/SUBSCRIPTIONS/S","operationName":"SecretGet","category":"AuditEvent","resultType":"Success","identity":{"claim":{}}}"#,
      #"{"class_uid":4001,"time":1782892800000,"activity_id":1,"src_endpoint":{"ip":"203.0.113.7"},"dst_endpoint":{"ip":"203.0.113.8"}}"#,
      #"{"value":[{"id":"1","displayName":"\#(one)","userPrincipalName":"a@example.com","mail":null}]}"#,
      #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(one)"},"data":{"\#(two)":"x"}}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
      #"{"jsonrpc":"2.0","id":\#(round),"method":"tools/call","params":{"name":"\#(one)","arguments":{}}}"#,
      #"{"resourceMetrics":[{"resource":{"attributes":[]},"scopeMetrics":[]}]}"#,
      #"[{"id":\#(round),"name":"\#(one)","email":"a@example.com","roles":["\#(two)"]}]"#,
      #"[\#(round),"\#(one)",null,{"\#(two)":[]}]"#,
      #"{"level":"info","msg":"\#(one)","time":"2026-07-01T00:00:00Z","caller":"main.go:\#(round)"}"#,
      #"{"role":"admin","permissions":["\#(one)"],"scope":"/","principal":"\#(two)"}"#,
    ]
    let yaml = [
      "name: ci\non: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: []\n",
      "version: '3'\nservices:\n  \(one):\n    image: nginx:1.\(round)\n",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \(one)\n",
      "title: \(one)\nlogsource:\n  product: aws\ndetection:\n  condition: selection\n",
    ]
    return json.map { ("json", $0 + "\n") } + yaml.map { ("yaml", $0) }
  }

  private static func tables(_ round: Int) -> [(String, String)] {
    [
      ("csv", "date,amount,currency,note\n2026-07-01,\(round),EUR,lunch\n"),
      ("csv", "id,name,owner,stage,amount\n1,Deal \(round),ada,won,100\n"),
      ("csv", "id,title,owner,description,created\n\(round),A ticket,ada,It broke,2026-07-01\n"),
      ("csv", "account,owner,city\n\(round),ada,Bern\n"),
      ("tsv", "username\temail\tteam\nada\tada@example.com\t\(round)\n"),
    ]
  }
}
