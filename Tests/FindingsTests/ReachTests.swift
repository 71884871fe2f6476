import Model
import TestSupport
import Testing

@testable import Findings

@Suite struct ReachTests {
  @Test(
    arguments: [
      (["*"], 1.0), (["arn:aws:s3:::*"], 1), (["arn:aws:s3:::*/*"], 1),
      (["arn:aws:s3:::reports/*"], 0.05),
      (["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"], 0.05),
      (["arn:aws:s3:::rep*"], 0.2), (["arn:aws:s3:::*/public/*"], 0.2),
      (["arn:aws:iam::1:role/*"], 1), (["arn:aws:iam::1:role/app"], 0.05),
      (["arn:aws:iam::1:role/app-*"], 0.2),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:*"], 1),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:db/*"], 0.2),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"], 0.5),
      (["arn:aws:logs:eu-west-1:1:log-group:name:*"], 0.05),
      (["arn:aws:sqs:eu-west-1:1:orders"], 0.05), (["arn:aws:sqs:eu-west-1:1:*"], 1),
      (["arn:aws:*"], 1), (["vendors/42"], 0.05), (["vendors/*"], 0.2), ([], 0),
      (["a", "b", "c", "d"], 0.05), (["a", "b", "c", "d", "e"], 0.2),
      (["production-db"], 0.5), (["reproduction"], 0.05),
    ] as [([String], Double)])
  func scopes(_ patterns: [String], _ expected: Double) throws {
    #expect(try SampleEstate.scoring().reach.reach(of: patterns) == expected)
  }

  @Test func fiftyNamesAreMany() throws {
    let reach = try SampleEstate.scoring().reach
    let names = (0..<50).map { "arn:aws:s3:::bucket-\($0)/*" }
    #expect(reach.reach(of: names) == 0.5)
    #expect(reach.reach(of: Array(names.dropLast())) == 0.2)
    // A wider grant beside them never weighs less than the names that it covers.
    #expect(reach.reach(of: names + ["arn:aws:s3:::bucket-*"]) == 0.5)
  }
}
