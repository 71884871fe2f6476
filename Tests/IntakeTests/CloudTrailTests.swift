import Intake
import Model
import Testing

@Suite struct CloudTrailTests {
  private func event(
    source: String, name: String, parameters: String = "null", error: String = "null"
  ) throws -> (event: Event, symbols: Symbols) {
    let text =
      #"{"eventTime":"2026-07-01T10:00:00Z","eventID":"e","eventSource":"\#(source)","#
      + #""eventName":"\#(name)","awsRegion":"eu-west-1","recipientAccountId":"1","#
      + #""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/u"},"#
      + #""requestParameters":\#(parameters),"errorCode":\#(error)}"#
    let input = read(text)
    return (try #require(input.table.events.first), input.symbols)
  }

  @Test(
    arguments: [
      ("s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket"),
      ("s3.amazonaws.com", "HeadObject", "s3:GetObject"),
      ("s3.amazonaws.com", "DeleteObjects", "s3:DeleteObject"),
      ("s3.amazonaws.com", "ListBuckets", "s3:ListAllMyBuckets"),
      ("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
      ("lambda.amazonaws.com", "ListFunctions20150331", "lambda:ListFunctions"),
      ("lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"),
      ("cloudfront.amazonaws.com", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"),
      ("monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
      ("email.amazonaws.com", "SendEmail", "ses:SendEmail"),
      ("apigateway.amazonaws.com", "CreateRestApi", "apigateway:POST"),
      ("signin.amazonaws.com", "ConsoleLogin", "signin:ConsoleLogin"),
      ("tickets.internal", "GetTicket", "tickets:GetTicket"),
      ("ec2.amazonaws.com", "RunInstances", "ec2:RunInstances"),
    ]) func actionsAreThoseOfPolicies(_ source: String, _ name: String, _ action: String) throws
  {
    let (event, symbols) = try event(source: source, name: name)
    #expect(symbols.text(event.action) == action)
  }

  @Test(
    arguments: [
      ("AccessDenied", Outcome.denied), ("Client.UnauthorizedOperation", .denied),
      ("AccessDeniedException", .denied), ("NotAuthorizedException", .denied),
      ("KMS.AccessDenied", .denied), ("UnauthorizedAccess", .denied),
      ("ThrottlingException", .failed), ("NoSuchKey", .failed),
      ("Client.DryRunOperation", .failed), ("AuthorizationHeaderMalformed", .failed),
    ]) func refusalsAreNoFailures(_ code: String, _ outcome: Outcome) throws
  {
    let event = try event(source: "x.amazonaws.com", name: "Y", error: "\"\(code)\"").event
    #expect(event.outcome == outcome)
  }

  @Test(
    arguments: [
      ("s3", #"{"bucketName":"b","key":"k/1"}"#, "arn:aws:s3:::b/k/1"),
      ("s3", #"{"bucketName":"b"}"#, "arn:aws:s3:::b"),
      (
        "secretsmanager", #"{"secretId":"prod/db"}"#,
        "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"
      ),
      (
        "secretsmanager", #"{"secretId":"arn:aws:secretsmanager:x:1:secret:y"}"#,
        "arn:aws:secretsmanager:x:1:secret:y"
      ),
      ("ssm", #"{"names":["/prod/key","other"]}"#, "arn:aws:ssm:eu-west-1:1:parameter/prod/key"),
      ("ssm", #"{"name":"plain"}"#, "arn:aws:ssm:eu-west-1:1:parameter/plain"),
      (
        "iam", #"{"policyArn":"arn:aws:iam::aws:policy/P","roleName":"r"}"#, "arn:aws:iam::1:role/r"
      ),
      ("iam", #"{"policyArn":"arn:aws:iam::aws:policy/P"}"#, "arn:aws:iam::aws:policy/P"),
      ("sts", #"{"roleArn":"arn:aws:iam::1:role/r"}"#, "arn:aws:iam::1:role/r"),
      (
        "ec2", #"{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}"#,
        "arn:aws:ec2:eu-west-1:1:instance/i-1"
      ),
      ("rds", #"{"dBInstanceIdentifier":"db"}"#, "arn:aws:rds:eu-west-1:1:db:db"),
      ("unknown", #"{"resource":"res/7"}"#, "res/7"),
      ("unknown", #"{"other":1}"#, nil),
    ] as [(String, String, String?)]) func parametersNameTheResource(
      _ service: String, _ parameters: String, _ resource: String?
    ) throws
  {
    let (event, symbols) = try event(
      source: "\(service).amazonaws.com", name: "Do", parameters: parameters)
    #expect(symbols.textIfPresent(event.resource) == resource)
  }
}
