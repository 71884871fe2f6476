internal import Model

/// The IAM actions of events by source and name, each worked out once for a file.
struct CloudTrailActions {
  private struct Entry {
    var action: String
    var rules: CloudTrailResources.RuleSet
    /// The piece in which `symbol` was interned.
    var piece = 0
    var symbol = Symbol.absent
  }

  /// Sources and names of events, apart from the symbols of any piece: few, and always in reach.
  private var names = Symbols()
  private var numbers = NumberTable()
  private var entries: [Entry] = []
  private var piece = 1
  /// Where events like the last one name their resource.
  private(set) var rules = CloudTrailResources.RuleSet()

  /// Begins a piece, with symbols of its own.
  mutating func begin() { piece += 1 }

  /// The action of an event.
  mutating func action(
    source: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>,
    _ resources: CloudTrailResources, _ symbols: inout Symbols
  ) -> Symbol {
    let key = UInt64(names.intern(source).raw) << 32 | UInt64(names.intern(name).raw)
    var number = Int(numbers[key])
    if number < 0 {
      number = entries.count
      numbers.insert(key, Int32(truncatingIfNeeded: number))
      let source = String(decoding: source, as: UTF8.self)
      let action = cloudTrailAction(source: source, name: String(decoding: name, as: UTF8.self))
      entries.append(Entry(action: action, rules: resources.rules(ofSource: source)))
    }
    if entries[number].piece != piece {
      entries[number].piece = piece
      entries[number].symbol = symbols.intern(entries[number].action)
    }
    rules = entries[number].rules
    return entries[number].symbol
  }
}

/// The IAM action of an event: mostly the service and the event's name, with known exceptions.
///
/// The exceptions are where the log's names and the names of the service authorization reference
/// differ; everything else is `prefix:eventName`.
func cloudTrailAction(source: String, name: String) -> String {
  let host = source.split(separator: ".").first.map(String.init) ?? source
  let isAmazon = source.hasSuffix(".amazonaws.com") || source.hasSuffix(".amazonaws.com.cn")
  let service = isAmazon ? (servicePrefixes[host] ?? host) : host
  let event = withoutVersion(name)
  return eventActions["\(service):\(event)"] ?? "\(service):\(event)"
}

/// `UpdateFunctionCode` of `UpdateFunctionCode20150331v2`, `CreateDistribution` of
/// `CreateDistribution2020_05_31`: some services log the version of the interface behind the name.
private func withoutVersion(_ name: String) -> String {
  var rest = Substring(name)
  let version = digitsAtEnd(rest)
  if version < 8, rest.dropLast(version).last == "v" { rest = rest.dropLast(version + 1) }
  let dashed = rest.suffix(10)
  let isDashed = dashed.count == 10 && dashed.dropFirst(4).first == "_" && digitsAtEnd(rest) == 2
  let date = isDashed ? dashed.filter { $0 != "_" } : String(rest.suffix(8))
  let isDate = date.count == 8 && digitsAtEnd(Substring(date)) == 8
  guard isDate, date.hasPrefix("20") || date.hasPrefix("19") else { return name }
  rest = rest.dropLast(isDashed ? 10 : 8)
  if rest.last == "_" { rest = rest.dropLast() }
  return rest.isEmpty ? name : String(rest)
}

private func digitsAtEnd(_ text: Substring) -> Int {
  text.reversed().prefix { ("0"..."9").contains($0) }.count
}

/// Where the host of the event's source is not the prefix of its actions.
private let servicePrefixes: [String: String] = [
  "awsmarketplacemetering": "aws-marketplace",
  "aws-marketplace-management": "aws-marketplace",
  "certificatemanager": "acm",
  "cognitoidentity": "cognito-identity",
  "cognitoidp": "cognito-idp",
  "cognitosync": "cognito-sync",
  "email": "ses",
  "entitlement.marketplace": "aws-marketplace",
  "monitoring": "cloudwatch",
  "opensearch": "es",
  "streams.dynamodb": "dynamodb",
  "tagging": "tag",
  "transcribestreaming": "transcribe",
]

/// Where the event's name is not the action's.
private let eventActions: [String: String] = [
  "apigateway:CreateRestApi": "apigateway:POST",
  "apigateway:CreateDeployment": "apigateway:POST",
  "apigateway:CreateApiKey": "apigateway:POST",
  "apigateway:CreateAuthorizer": "apigateway:POST",
  "apigateway:CreateResource": "apigateway:POST",
  "apigateway:CreateStage": "apigateway:POST",
  "apigateway:DeleteApiKey": "apigateway:DELETE",
  "apigateway:DeleteRestApi": "apigateway:DELETE",
  "apigateway:DeleteStage": "apigateway:DELETE",
  "apigateway:GetApiKey": "apigateway:GET",
  "apigateway:GetApiKeys": "apigateway:GET",
  "apigateway:GetResources": "apigateway:GET",
  "apigateway:GetRestApi": "apigateway:GET",
  "apigateway:GetRestApis": "apigateway:GET",
  "apigateway:GetStages": "apigateway:GET",
  "apigateway:ImportRestApi": "apigateway:POST",
  "apigateway:PutIntegration": "apigateway:PUT",
  "apigateway:PutMethod": "apigateway:PUT",
  "apigateway:PutRestApi": "apigateway:PUT",
  "apigateway:UpdateRestApi": "apigateway:PATCH",
  "apigateway:UpdateStage": "apigateway:PATCH",
  "dynamodb:ExecuteTransaction": "dynamodb:PartiQLUpdate",
  "dynamodb:TransactGetItems": "dynamodb:GetItem",
  "dynamodb:TransactWriteItems": "dynamodb:UpdateItem",
  "kms:ReEncrypt": "kms:ReEncryptFrom",
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:CompleteMultipartUpload": "s3:PutObject",
  "s3:CopyObject": "s3:PutObject",
  "s3:CreateMultipartUpload": "s3:PutObject",
  "s3:DeleteBucketCors": "s3:PutBucketCORS",
  "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:DeleteBucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:DeleteBucketReplication": "s3:PutReplicationConfiguration",
  "s3:DeleteBucketTagging": "s3:PutBucketTagging",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:GetBucketCors": "s3:GetBucketCORS",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
  "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:ListObjects": "s3:ListBucket",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:ListParts": "s3:ListMultipartUploadParts",
  "s3:PutBucketCors": "s3:PutBucketCORS",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
  "s3:SelectObjectContent": "s3:GetObject",
  "s3:UploadPart": "s3:PutObject",
  "s3:UploadPartCopy": "s3:PutObject",
]
