internal import Model

/// What a CloudTrail event acted on: the ARN that the event lists, else one made from the request's
/// parameters, else the parameter's value alone.
final class CloudTrailResources: Sendable {
  /// The largest index of a path that the rules read.
  let pathIndexMax: Int
  /// The rules of one service after the other, each in their order.
  private let rules: [Rule]
  /// Where those of each service lie; "" has those of every service.
  private let ranges: [[UInt8]: Range<Int>]

  /// The rules of a source: those of its service, then those of every service.
  struct RuleSet {
    fileprivate var own = 0..<0
    fileprivate var shared = 0..<0
  }

  /// Where a resource is found.
  private struct Rule {
    var path: Int
    /// The ARN's parts: texts, and places to fill.
    var parts: [Part]
    /// The path of a part that follows the value, such as the key in a bucket.
    var suffixPath: Int?
  }

  private enum Part {
    case text([UInt8]), value, partition, region, account
  }

  init(_ fields: FieldReader) {
    var pathIndexMax = 0
    var byService: [[UInt8]: [Rule]] = [:]
    for (service, parameter, template) in cloudTrailResourceRules {
      let names = parameter.split(separator: "+").map(String.init)
      guard let name = names.first, let path = fields.add("requestParameters.\(name)") else {
        continue
      }
      let suffix = names.count > 1 ? fields.add("requestParameters.\(names[1])") : nil
      pathIndexMax = max(pathIndexMax, path, suffix ?? 0)
      byService[Array(service.utf8), default: []].append(
        Rule(path: path, parts: CloudTrailResources.parts(template), suffixPath: suffix))
    }
    var rules: [Rule] = []
    var ranges: [[UInt8]: Range<Int>] = [:]
    for (service, own) in byService {
      ranges[service] = rules.count..<rules.count + own.count
      rules += own
    }
    self.pathIndexMax = pathIndexMax
    self.rules = rules
    self.ranges = ranges
  }

  /// The resource as text, empty when the event names none; it lives as long as the event's values
  /// and the scratch do.
  func text(
    _ values: CloudTrailValues, rules set: RuleSet, _ scratch: TextScratch
  ) -> UnsafeBufferPointer<UInt8> {
    if let arn = values.resourceARN { return arn }
    return text(values, by: set.own, scratch) ?? text(values, by: set.shared, scratch)
      ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  private func text(
    _ values: CloudTrailValues, by range: Range<Int>, _ scratch: TextScratch
  ) -> UnsafeBufferPointer<UInt8>? {
    for index in range {
      guard let value = values[index: rules[index].path] else { continue }
      return rules[index].parts.isEmpty ? value : write(rules[index], value, values, scratch)
    }
    return nil
  }

  /// The rules of a source.
  func rules(ofSource source: String) -> RuleSet {
    let service = Array(source.prefix { $0 != "." }.utf8)
    return RuleSet(
      own: ranges[service] ?? 0..<0, shared: service.isEmpty ? 0..<0 : ranges[[]] ?? 0..<0)
  }

  private func write(
    _ rule: Rule, _ value: UnsafeBufferPointer<UInt8>, _ values: CloudTrailValues,
    _ scratch: TextScratch
  ) -> UnsafeBufferPointer<UInt8> {
    if value.starts(with: "arn:".utf8) { return value }
    scratch.clear()
    for part in rule.parts {
      switch part {
      case .text(let text): scratch.append(text)
      case .value:
        // A parameter's name may begin with the slash that the ARN has anyway.
        let isDoubled = scratch.last == UInt8(ascii: "/") && value.first == UInt8(ascii: "/")
        scratch.append(isDoubled ? UnsafeBufferPointer(rebasing: value.dropFirst()) : value)
      case .partition: CloudTrailResources.writePartition(values, scratch)
      case .region: if let region = values[.awsRegion] { scratch.append(region) }
      case .account:
        let account = values[.recipientAccountId] ?? values[.accountId]
        if let account { scratch.append(account) }
      }
    }
    if let path = rule.suffixPath, let suffix = values[index: path] {
      scratch.append("/")
      scratch.append(suffix)
    }
    return scratch.text
  }

  /// The partition of the caller's own ARN: `aws`, `aws-cn`, `aws-us-gov`.
  private static func writePartition(_ values: CloudTrailValues, _ scratch: TextScratch) {
    guard let arn = values[.issuerArn] ?? values[.arn], arn.starts(with: "arn:".utf8) else {
      scratch.append("aws")
      return
    }
    let partition = arn.dropFirst(4).prefix { $0 != UInt8(ascii: ":") }
    scratch.append(UnsafeBufferPointer(rebasing: partition))
  }

  private static func parts(_ template: String) -> [Part] {
    var parts: [Part] = []
    var rest = Substring(template)
    while !rest.isEmpty {
      let text = rest.prefix { $0 != "{" }
      if !text.isEmpty { parts.append(.text(Array(text.utf8))) }
      rest = rest.dropFirst(text.count)
      guard rest.first == "{", let close = rest.firstIndex(of: "}") else { break }
      switch rest[rest.index(after: rest.startIndex)..<close] {
      case "partition": parts.append(.partition)
      case "region": parts.append(.region)
      case "account": parts.append(.account)
      default: parts.append(.value)
      }
      rest = rest[rest.index(after: close)...]
    }
    return parts
  }
}

/// The service, the request's parameter (`a+b`: b follows a), and the ARN to make of it; an empty
/// one keeps the value. The first that the event has counts, so the more specific come first.
/// Shapes of ARNs: the service authorization reference, "Resource types defined by".
private let cloudTrailResourceRules: [(service: String, parameter: String, arn: String)] = [
  ("s3", "bucketName+key", "arn:{partition}:s3:::{value}"),
  (
    "secretsmanager", "secretId", "arn:{partition}:secretsmanager:{region}:{account}:secret:{value}"
  ),
  ("secretsmanager", "name", "arn:{partition}:secretsmanager:{region}:{account}:secret:{value}"),
  ("ssm", "instanceIds", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),
  ("ssm", "instanceId", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),
  ("ssm", "target", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),
  ("ssm", "names", "arn:{partition}:ssm:{region}:{account}:parameter/{value}"),
  ("ssm", "path", "arn:{partition}:ssm:{region}:{account}:parameter/{value}"),
  ("ssm", "documentName", "arn:{partition}:ssm:{region}:{account}:document/{value}"),
  ("ssm", "name", "arn:{partition}:ssm:{region}:{account}:parameter/{value}"),
  ("ssm", "sessionId", "arn:{partition}:ssm:{region}:{account}:session/{value}"),
  ("iam", "roleName", "arn:{partition}:iam::{account}:role/{value}"),
  ("iam", "userName", "arn:{partition}:iam::{account}:user/{value}"),
  ("iam", "groupName", "arn:{partition}:iam::{account}:group/{value}"),
  ("iam", "policyArn", ""),
  ("iam", "policyName", "arn:{partition}:iam::{account}:policy/{value}"),
  ("iam", "instanceProfileName", "arn:{partition}:iam::{account}:instance-profile/{value}"),
  ("sts", "roleArn", ""),
  ("sts", "name", "arn:{partition}:sts::{account}:federated-user/{value}"),
  ("lambda", "functionName", "arn:{partition}:lambda:{region}:{account}:function:{value}"),
  ("ec2", "instanceId", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),
  (
    "ec2", "instancesSet.items.instanceId",
    "arn:{partition}:ec2:{region}:{account}:instance/{value}"
  ),
  ("ec2", "snapshotId", "arn:{partition}:ec2:{region}::snapshot/{value}"),
  ("ec2", "imageId", "arn:{partition}:ec2:{region}::image/{value}"),
  ("ec2", "instancesSet.items.imageId", "arn:{partition}:ec2:{region}::image/{value}"),
  ("ec2", "volumeId", "arn:{partition}:ec2:{region}:{account}:volume/{value}"),
  ("ec2", "groupId", "arn:{partition}:ec2:{region}:{account}:security-group/{value}"),
  ("ec2", "vpcId", "arn:{partition}:ec2:{region}:{account}:vpc/{value}"),
  ("ec2", "subnetId", "arn:{partition}:ec2:{region}:{account}:subnet/{value}"),
  (
    "ec2", "DeleteFlowLogsRequest.FlowLogId.content",
    "arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{value}"
  ),
  ("ec2-instance-connect", "instanceId", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),
  ("kms", "keyId", "arn:{partition}:kms:{region}:{account}:key/{value}"),
  ("cloudtrail", "name", "arn:{partition}:cloudtrail:{region}:{account}:trail/{value}"),
  ("cloudtrail", "trailName", "arn:{partition}:cloudtrail:{region}:{account}:trail/{value}"),
  ("rds", "dBSnapshotIdentifier", "arn:{partition}:rds:{region}:{account}:snapshot:{value}"),
  ("rds", "dBClusterIdentifier", "arn:{partition}:rds:{region}:{account}:cluster:{value}"),
  ("rds", "dBInstanceIdentifier", "arn:{partition}:rds:{region}:{account}:db:{value}"),
  ("dynamodb", "tableName", "arn:{partition}:dynamodb:{region}:{account}:table/{value}"),
  ("sqs", "queueUrl", ""),
  ("sns", "topicArn", ""),
  ("sns", "targetArn", ""),
  ("ecr", "repositoryName", "arn:{partition}:ecr:{region}:{account}:repository/{value}"),
  ("ecs", "taskDefinition", "arn:{partition}:ecs:{region}:{account}:task-definition/{value}"),
  ("ecs", "service", ""),
  ("ecs", "cluster", "arn:{partition}:ecs:{region}:{account}:cluster/{value}"),
  ("eks", "name", "arn:{partition}:eks:{region}:{account}:cluster/{value}"),
  ("logs", "logGroupName", "arn:{partition}:logs:{region}:{account}:log-group:{value}"),
  ("events", "name", "arn:{partition}:events:{region}:{account}:rule/{value}"),
  ("states", "executionArn", ""),
  ("states", "stateMachineArn", ""),
  ("codebuild", "projectName", "arn:{partition}:codebuild:{region}:{account}:project/{value}"),
  ("codepipeline", "name", "arn:{partition}:codepipeline:{region}:{account}:{value}"),
  (
    "codedeploy", "applicationName",
    "arn:{partition}:codedeploy:{region}:{account}:application:{value}"
  ),
  ("codecommit", "repositoryName", "arn:{partition}:codecommit:{region}:{account}:{value}"),
  (
    "cloudformation", "stackName", "arn:{partition}:cloudformation:{region}:{account}:stack/{value}"
  ),
  ("bedrock", "modelId", "arn:{partition}:bedrock:{region}::foundation-model/{value}"),
  ("kinesis", "streamName", "arn:{partition}:kinesis:{region}:{account}:stream/{value}"),
  ("sagemaker", "endpointName", "arn:{partition}:sagemaker:{region}:{account}:endpoint/{value}"),
  ("athena", "workGroup", "arn:{partition}:athena:{region}:{account}:workgroup/{value}"),
  ("glue", "databaseName", "arn:{partition}:glue:{region}:{account}:database/{value}"),
  ("route53", "hostedZoneId", "arn:{partition}:route53:::hostedzone/{value}"),
  ("guardduty", "detectorId", "arn:{partition}:guardduty:{region}:{account}:detector/{value}"),
  ("organizations", "policyId", ""),
  ("organizations", "accountId", ""),
  ("", "resource", ""),
  ("", "resourceArn", ""),
  ("", "arn", ""),
]
