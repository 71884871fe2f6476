import Intake
import Model
import Testing

@Suite struct RawRecordsTests {
  private static let event =
    #"{"eventID":"e-1","eventTime":"2026-07-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","#
    + #""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/u","accessKeyId":"AKIA1"},"#
    + #""requestParameters":{"bucketName":"b","key":"secret plan.txt","size":12},"userAgent":"é"}"#

  private func raw(_ text: String, line: Int32, showsValues: Bool) -> String? {
    let position = SourcePosition(file: 0, line: line)
    return rawRecords(
      at: [position: -1], of: [InputSource(path: "log", bytes: Array(text.utf8))],
      showsValues: showsValues)[position]
  }

  @Test func valuesAreLabels() throws {
    let text = try #require(raw(Self.event + "\n" + Self.event, line: 2, showsValues: false))
    #expect(text.contains(#""eventName": "GetObject""#))
    #expect(text.contains(#""arn": "arn:aws:iam::1:user/u""#))
    #expect(text.contains(#""key": <text, 15 characters>"#))
    #expect(text.contains(#""size": <number>"#))
    #expect(text.contains(#""userAgent": <text, 1 character>"#))
    #expect(!text.contains("plan"))
    #expect(!text.contains("AKIA1"))
  }

  @Test func valuesAreShownOnDemand() throws {
    let text = try #require(
      raw(#"{"Records":[{},"# + Self.event + "]}", line: 2, showsValues: true))
    #expect(text.contains(#""key": "secret plan.txt""#))
    #expect(text.contains(#""size": 12"#))
  }

  @Test func rowsAndYAMLAreRecordsToo() throws {
    let row = try #require(
      raw("agent,action,order,args.note\na,x,1,\"private, really\"\n", line: 2, showsValues: false))
    #expect(row.contains(#""agent": "a""#))
    #expect(row.contains(#""note": <text, 15 characters>"#))
    let yaml = try #require(
      raw(
        "# c\n- agent: a\n  action: x\n  order: 1\n  note: private\n", line: 2, showsValues: false))
    #expect(yaml.contains(#""action": "x""#))
    #expect(!yaml.contains("private"))
  }

  @Test func everyEventOfTheFixturesIsFoundAgain() throws {
    for folder in ["canonical", "aws-cloudtrail", "transcript", "aws-authorization-details"] {
      let sources = try fixtures(folder)
      let input = read(sources)
      var places: [SourcePosition: Int64] = [:]
      for statement in input.statements { places[statement.position] = -1 }
      for event in input.table.events { places[event.position] = event.offset }
      let found = rawRecords(at: places, of: sources.reversed(), showsValues: false)
      #expect(Set(found.keys) == Set(places.keys), "\(folder)")
      let slow = rawRecords(
        at: places.mapValues { _ in -1 }, of: sources, showsValues: false)
      #expect(found == slow, "a record is the same, however it is found")
      for event in input.table.events {
        let text = try #require(found[event.position])
        #expect(text.hasPrefix("{"))
      }
    }
  }

  @Test func longRecordsAreCut() throws {
    let long = String(repeating: "v", count: 50_000)
    let text = try #require(
      raw(
        #"{"agent":"a","action":"x","order":1,"note":"\#(long)"}"# + "\n", line: 1,
        showsValues: true))
    #expect(text.count < 4_100)
    #expect(raw(Self.event, line: 9, showsValues: true) == nil)
  }
}
