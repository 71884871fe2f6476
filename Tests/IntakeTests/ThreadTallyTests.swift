import Model
import TestSupport
import Testing

@testable import Intake

/// Events are counted by one road where their fields were seen before, and by another where not: both
/// must count and keep the same, however the input is cut.
@Suite struct ThreadTallyTests {
  private static let sources = [
    "s3.amazonaws.com", "ec2.amazonaws.com", "change.internal", "iam.amazonaws.com", "",
  ]
  private static let names = [
    "GetObject", "ListObjects", "RunInstances", "ApproveChange", "GetRole", "ConsoleLogin", "",
  ]
  private static let identities = [
    #"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s1","principalId":"A:s1"}"#,
    #"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s2","accessKeyId":"K"}"#,
    #"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/q/s","sessionContext":"#
      + #"{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::1:role/path/q"}}}"#,
    #"{"type":"IAMUser","arn":"arn:aws:iam::1:user/u"}"#,
    #"{"type":"Root","arn":"arn:aws:iam::1:user/u"}"#,
    #"{"type":"Root","accountId":"1"}"#, #"{"type":"AWSService","invokedBy":"x.amazonaws.com"}"#,
    #"{"type":"AWSAccount","principalId":"P"}"#, #"{"accountId":"2"}"#, #"{"type":"Unknown"}"#,
    #"{"arn":""}"#, #"{"arn":7,"userName":"u7"}"#, "{}",
  ]
  private static let endings = [
    "", "", "", #","errorCode":"AccessDenied""#, #","errorCode":"Throttling","errorMessage":"m""#,
    #","errorMessage":"m""#, #","errorCode":"""#,
    #","responseElements":{"ConsoleLogin":"Failure"}"#,
    #","responseElements":{"ConsoleLogin":"Success"}"#, #","eventName":"Twice""#,
    #","resources":[{"ARN":"arn:aws:s3:::b"},{"ARN":"arn:aws:s3:::b/k"},{"ARN":"arn:aws:s3:::c"}]"#,
    #","errorCode":{"a":1}"#, #","eventName":["x"]"#, #","resources":[{"ARN":3},{"ARN":"x"}]"#,
  ]

  private func line(_ number: Int, _ random: inout SmallRandom) -> String {
    if random.below(60) == 0 { return random.pick(["{\"eventID\":", "[]", "", "no"]) }
    let day = 1 + number / 300 % 4
    let minute = random.below(8) == 0 ? random.below(60) : number / 5 % 60
    let clock = "1\(number / 300 % 10):\(minute < 10 ? "0" : "")\(minute):0\(random.below(10))"
    let time = random.pick(["", "", "", ".5", ".123", ".x"])
    let id = random.below(40) == 0 ? number / 2 : number
    let identity = random.pick(Self.identities)
    let resource = random.pick([
      #""bucketName":"b\#(random.below(70))","key":"k/\#(random.below(9))""#,
      #""roleName":"role\#(random.below(3))""#, #""resource":\#(random.below(90))"#, #""x":1"#,
      #""instancesSet":{"items":[{"instanceId":"i-\#(random.below(5))"},{"instanceId":"i"}]}"#,
    ])
    return
      #"{"eventID":"\#(random.below(50) == 0 ? "" : "e-\(id)")","#
      + #""eventTime":"2026-07-0\#(day)T\#(clock)\#(time)Z","eventSource":"#
      + #""\#(random.pick(Self.sources))","eventName":"\#(random.pick(Self.names))","#
      + #""awsRegion":"eu-west-1","recipientAccountId":"9","userIdentity":\#(identity),"#
      + #""requestParameters":{\#(resource)}\#(random.pick(Self.endings))}"#
  }

  private func sources(_ seed: UInt64) -> [InputSource] {
    var random = SmallRandom(seed: seed)
    return ["a.ndjson", "b.json", "c.ndjson"].enumerated().map { number, path in
      let lines = (0..<700).map { line(number * 600 + $0, &random) }
      let records = lines.filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
      let text =
        path == "b.json"
        ? #"{"Records":[\#(records.joined(separator: ","))]}"# : lines.joined(separator: "\n")
      return InputSource(path: path, bytes: Array(text.utf8))
    }
  }

  @Test(arguments: [3, 4, 5] as [UInt64]) func countsWhatReadingInFullCounts(_ seed: UInt64) {
    let files = sources(seed)
    func estate(
      _ blockBytes: Int, _ threads: Int, byThread: Bool = true,
      watches: @escaping @Sendable (String) -> Bool
    ) -> ReviewInput {
      read(files, wanted: ["awsRegion", "requestParameters.key"]) { options in
        options.talliesByThread = byThread
        options.limits.blockBytes = blockBytes
        options.threads = threads
        options.keepsLinks = false
        options.watches = watches
        options.activity.resourcesMax = 20
        options.activity.namesMax = 12
      }
    }
    func uses(_ bytes: Int, _ threads: Int, watches: @escaping @Sendable (String) -> Bool) -> String
    {
      var input = estate(bytes, threads, watches: watches)
      input.table = EventTable()
      return input.dumpWithUses
    }
    var whole = estate(1 << 20, 1, byThread: false) { _ in true }
    let all = whole.dumpWithUses
    whole.table = EventTable()
    let expected = whole.dumpWithUses
    #expect(expected.contains("was read before") && expected.contains("ec2:RunInstances"))
    for (bytes, threads) in [(1 << 20, 1), (2_000, 1), (900, 2), (6_000, 3)] {
      let kept = estate(bytes, threads) { _ in true }
      #expect(kept.dumpWithUses == all, "blocks of \(bytes) bytes on \(threads) threads, all kept")
      let none = uses(bytes, threads) { _ in false }
      #expect(none == expected, "blocks of \(bytes) bytes on \(threads) threads")
      let some = uses(bytes, threads) { $0.hasPrefix("iam:") || $0.hasSuffix("ListBucket") }
      #expect(some == expected, "blocks of \(bytes) bytes on \(threads) threads, some kept")
    }
  }
}
