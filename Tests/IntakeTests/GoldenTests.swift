import Intake
import Model
import TestSupport
import Testing

@Suite struct GoldenTests {
  /// One folder of fixtures for each source, and one of broken files for each.
  ///
  /// The files are written from the formats' documentation: the RBAC and audit references of
  /// kubernetes.io, the Model Context Protocol 2025-06-18, "Tools", and the
  /// IAM API reference, "GetServiceLastAccessedDetails", the IAM user guide, "Getting credential reports
  /// for your AWS account", "Policy evaluation logic" and "Permissions boundaries for IAM entities",
  /// and the Organizations API reference, "DescribePolicy", "ListTargetsForPolicy", "ListAccounts"
  /// with "Account" and its paths, "ListChildren", "ListParents",
  /// "ListOrganizationalUnitsForParent" and "DescribeOrganization"; for traces the
  /// OpenTelemetry protocol 1.7, "JSON Protobuf encoding", with the semantic conventions for generative
  /// AI 1.36 and 1.41 ("agent spans", "events", "MCP"), OpenInference's and OpenLLMetry's; of
  /// GitHub "Audit log events for your organization" and "Identifying audit log events performed by
  /// an access token" (docs.github.com); of Google Cloud "LogEntry", "AuditLog", "Policy", "Role",
  /// "ServiceAccount" and "Asset" (cloud.google.com, Cloud Logging, IAM and Cloud Asset Inventory references); of Azure "Role
  /// Assignments - List", "Role Definitions - List" and "Azure Activity Log event schema"; of Entra
  /// "servicePrincipal", "appRoleAssignment", "oAuth2PermissionGrant", "unifiedRoleDefinition",
  /// "signIn" and "directoryAudit" (learn.microsoft.com); OCSF 1.1 to 1.8, "API Activity"
  /// (schema.ocsf.io).
  /// Transcripts: OpenAI's API reference, "Responses", and its Agents SDK, "Tracing"; LangChain's
  /// `messages_to_dict` and `dumpd`, LangGraph's "Thread state"; Claude Code's "Run Claude Code
  /// programmatically" and its Agent SDK, "SDKMessage".
  static let folders = [
    "canonical", "aws-cloudtrail", "aws-authorization-details", "transcript", "kubernetes-rbac",
    "kubernetes-audit", "mcp-tools", "aws-last-accessed", "broken/aws-last-accessed",
    "aws-credential-report", "broken/aws-credential-report", "aws-organizations-policy",
    "broken/aws-organizations-policy", "aws-resource-policy", "broken/aws-resource-policy",
    "otel-genai", "broken/otel-genai",
    "unrecognised", "broken/mcp-tools", "broken/canonical",
    "broken/aws-cloudtrail",
    "broken/aws-authorization-details", "broken/transcript", "broken/kubernetes-rbac",
    "broken/kubernetes-audit", "broken/hostile",
    "github-audit", "gcp-audit", "gcp-iam", "azure-activity", "azure-role-assignments", "entra",
    "ocsf-api-activity", "inventory-csv", "broken/github-audit", "broken/gcp-audit",
    "broken/gcp-iam", "broken/azure-activity", "broken/azure-role-assignments", "broken/entra",
    "broken/ocsf-api-activity", "broken/inventory-csv",
  ]

  static let wanted = [
    "args.amount", "args.recipients", "args.dry", "args.account", "args.inner.deep", "args.note",
    "args.text", "labels", "result.secret", "result.email", "scope.resource",
    "requestParameters.policyArn", "requestParameters.instancesSet.items.imageId", "readOnly",
    "userIdentity.sessionContext.attributes.mfaAuthenticated", "agent.kind", "model", "security",
    "utility", "label.x",
  ]

  @Test(arguments: folders) func readsAsBefore(_ folder: String) throws {
    let input = read(try fixtures(folder), wanted: Self.wanted)
    try expectGolden(input.dump, "Tests/IntakeTests/Golden/\(folder).txt")
  }

  @Test(arguments: folders) func orderOfFilesDoesNotMatter(_ folder: String) throws {
    let sources = try fixtures(folder)
    let expected = read(sources, wanted: Self.wanted).dump
    #expect(read(sources.reversed(), wanted: Self.wanted.reversed()).dump == expected)
    #expect(read(sources + sources, wanted: Self.wanted).dump == expected)
  }

  @Test func everySourceHasFixturesAndIsRecognised() throws {
    var types: Set<String> = []
    for folder in Self.folders {
      types.formUnion(read(try fixtures(folder)).files.compactMap(\.type))
    }
    #expect(types == Set(Source.all.map(\.name)))
    let whole = Self.folders.filter { !$0.hasPrefix("broken/") && $0 != "unrecognised" }
    #expect(whole.allSatisfy { Self.folders.contains("broken/\($0)") })
  }

  @Test func judgementsOfTestSetsAreNeverRead() throws {
    let input = read(try fixtures("transcript"), wanted: Self.wanted)
    let paths = Set(input.table.attributes.map { input.symbols.text($0.path) })
    #expect(paths.isDisjoint(with: ["security", "utility", "label.x"]))
    #expect(paths.contains("model"))
  }
}
