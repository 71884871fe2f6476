"""What they hold: an AWS account's authorization details, and the grants of the tools."""

from .estate import ACCOUNT, LABS_ACCOUNT, OLD_ACCOUNT, role

BASE = "acme-agent-base"
INFRA = "acme-infra-tools"
BOUNDARY = "acme-ci-boundary"
EMERGENCY = "acme-emergency-boundary"
MADE = "2025-11-03 09:00:00+00:00"


def allow(sid, actions, resources):
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy_arn(name):
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def bucket(name):
    return [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]


def arn(service, resource):
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{resource}"


# name, service that may take it, managed policies, boundary, own statements
ROLES = [
    ("ops-agent", "ecs-tasks", [BASE], None, [
        allow("Observe", ["cloudwatch:GetMetricData", "logs:FilterLogEvents",
                          "ecs:DescribeServices", "ecs:ListTasks"], "*"),
        allow("Services", ["ecs:UpdateService", "ecs:ExecuteCommand", "ecs:DeleteService"],
              arn("ecs", "service/*"))]),
    ("incident-triage", "ecs-tasks", [], None, [
        allow("Observe", ["cloudwatch:GetMetricData", "logs:FilterLogEvents",
                          "ecs:DescribeServices", "ecs:ListTasks"], "*"),
        allow("Services", "ecs:UpdateService", arn("ecs", "service/production/*"))]),
    ("build-agent", "codebuild", [BASE], BOUNDARY, [
        allow("Registry", ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability",
                           "ecr:InitiateLayerUpload", "ecr:PutImage"], "*"),
        allow("Artifacts", ["s3:GetObject", "s3:PutObject"], bucket("acme-artifacts")),
        allow("Builds", ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
              arn("codebuild", "project/*"))]),
    ("release-orchestrator", "ecs-tasks", [], None, [
        allow("Release", ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
              arn("codedeploy", "deploymentgroup:production/*")),
        allow("Artifacts", "s3:GetObject", bucket("acme-artifacts")),
        allow("Look", ["ecs:DescribeServices", "codedeploy:ListDeployments"], "*")]),
    ("staging-deployer", "ecs-tasks", [BASE, INFRA], None, [
        allow("Containers", "ecs:*", "*")]),
    ("backup-operator", "lambda", [], None, [
        allow("Snapshots", ["ec2:CreateSnapshot", "ec2:DeleteSnapshot", "ec2:DescribeVolumes",
                            "ec2:DescribeSnapshots"], "*"),
        allow("Databases", ["rds:CreateDBSnapshot", "rds:DeleteDBSnapshot"],
              arn("rds", "snapshot:acme-*")),
        allow("Trails", "cloudtrail:StopLogging", arn("cloudtrail", "trail/acme-trail"))]),
    ("log-archiver", "lambda", [BASE], None, [
        allow("Cold", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
              bucket("acme-logs") + bucket("acme-logs-cold")),
        allow("Groups", ["logs:DescribeLogGroups", "logs:CreateExportTask"], "*")]),
    ("cost-watcher", "lambda", [], None, [
        allow("Costs", ["ce:GetCostAndUsage", "ce:GetCostForecast"], "*"),
        allow("Look", ["ec2:DescribeInstances", "s3:ListAllMyBuckets"], "*")]),
    ("cert-renewer", "lambda", [BASE], None, [
        allow("Certificates", ["acm:ListCertificates", "acm:RequestCertificate",
                               "acm:DeleteCertificate"], "*"),
        allow("Names", "route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/*")]),
    ("billing-reconciler", "ecs-tasks", [], None, [
        allow("Invoices", "s3:GetObject", "arn:aws:s3:::acme-invoices/*"),
        allow("Payments", ["dynamodb:Query", "dynamodb:GetItem"],
              arn("dynamodb", "table/payments")),
        allow("Results", "s3:PutObject", "arn:aws:s3:::acme-reconciliation/*"),
        allow("Key", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:billing/*"))]),
    ("report-tools", "lambda", [], None, [
        allow("Results", "s3:GetObject", "arn:aws:s3:::acme-reconciliation/*"),
        allow("Key", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:billing/*"))]),
    ("data-export-job", "glue", [BASE, INFRA], None, [
        allow("Queries", ["athena:StartQueryExecution", "athena:GetQueryExecution",
                          "athena:GetQueryResults", "glue:GetTable", "glue:GetPartitions"], "*"),
        allow("Lake", ["s3:GetObject", "s3:ListBucket"], bucket("acme-lake")),
        allow("Warehouse", ["s3:PutObject", "s3:DeleteObject"], bucket("acme-warehouse"))]),
    ("break-glass-admin", None, ["AdministratorAccess"], EMERGENCY, []),
]

LABS_ROLES = [
    ("forecast-agent", "sagemaker", [], None, [
        allow("Sales", ["s3:GetObject", "s3:PutObject"], bucket("acme-labs-sales")),
        allow("Models", "bedrock:InvokeModel", "*"),
        allow("Queries", ["athena:StartQueryExecution", "athena:GetQueryResults"], "*")]),
]

OLD_ROLES = [
    ("legacy-etl", "ec2", [], None, [
        allow("Files", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
              bucket("acme-old-warehouse")),
        allow("Warehouse", ["redshift-data:ExecuteStatement",
                            "redshift-data:GetStatementResult"], "*")]),
]

MANAGED = {
    BASE: document(
        allow("SecretsAll", "secretsmanager:GetSecretValue", "*"),
        allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", "log-group:*")),
        allow("Self", ["sts:GetCallerIdentity", "iam:GetRole"], "*")),
    INFRA: document(
        allow("RoleUpkeep", ["iam:PutRolePolicy", "iam:ListRolePolicies"], role("*"))),
    BOUNDARY: document(
        allow("Ceiling", ["ecr:*", "codebuild:*", "s3:*", "logs:*", "secretsmanager:*", "sts:*",
                          "iam:GetRole"], "*"),
        {"Sid": "NoTrail", "Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}),
    EMERGENCY: document(
        allow("Ceiling", ["ecs:*", "elasticloadbalancing:*", "rds:*"], "*")),
    "AdministratorAccess": document(
        {"Effect": "Allow", "Action": "*", "Resource": "*"}),
}


def managed_arn(name):
    if name == "AdministratorAccess":
        return "arn:aws:iam::aws:policy/AdministratorAccess"
    return policy_arn(name)


def role_detail(account, name, service, managed, boundary, statements):
    principal = {"Service": f"{service}.amazonaws.com"} if service else {
        "Federated": f"arn:aws:iam::{account}:saml-provider/acme-people"}
    action = "sts:AssumeRole" if service else "sts:AssumeRoleWithSAML"
    detail = {
        "Path": "/", "RoleName": name,
        "RoleId": "AROAEXAMPLE" + name.replace("-", "").upper()[:10], "Arn": role(name, account),
        "CreateDate": MADE,
        "AssumeRolePolicyDocument": document(
            {"Effect": "Allow", "Principal": principal, "Action": action}),
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": f"{name}-own",
                            "PolicyDocument": document(*statements)}] if statements else [],
        "AttachedManagedPolicies": [
            {"PolicyName": policy, "PolicyArn": managed_arn(policy)} for policy in managed],
        "Tags": [], "RoleLastUsed": {}}
    if boundary:
        detail["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": policy_arn(boundary)}
    return detail


def policy_detail(name, text):
    return {
        "PolicyName": name, "PolicyId": "ANPAEXAMPLE" + name.replace("-", "").upper()[:10],
        "Arn": managed_arn(name), "Path": "/", "DefaultVersionId": "v1",
        "AttachmentCount": sum(name in managed for _, _, managed, _, _ in ROLES),
        "PermissionsBoundaryUsageCount": sum(b == name for _, _, _, b, _ in ROLES),
        "IsAttachable": True, "CreateDate": MADE, "UpdateDate": MADE,
        "PolicyVersionList": [{"Document": text, "VersionId": "v1", "IsDefaultVersion": True,
                               "CreateDate": MADE}]}


def authorization_details(account, roles, users=(), groups=(), managed=None):
    return {
        "UserDetailList": list(users), "GroupDetailList": list(groups),
        "RoleDetailList": [role_detail(account, *entry) for entry in roles],
        "Policies": [policy_detail(*entry) for entry in (managed or {}).items()]}


USERS = [{
    "Path": "/", "UserName": "metrics-shipper", "UserId": "AIDAEXAMPLEMETRICS",
    "Arn": f"arn:aws:iam::{ACCOUNT}:user/metrics-shipper", "CreateDate": MADE,
    "GroupList": ["Observers"], "AttachedManagedPolicies": [], "Tags": []}]

GROUPS = [{
    "Path": "/", "GroupName": "Observers", "GroupId": "AGPAEXAMPLEOBSERVERS",
    "Arn": f"arn:aws:iam::{ACCOUNT}:group/Observers", "CreateDate": MADE,
    "GroupPolicyList": [{
        "PolicyName": "look",
        "PolicyDocument": document(allow(
            "Look", ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics",
                     "ec2:DescribeInstances", "logs:DescribeLogGroups"], "*"))}],
    "AttachedManagedPolicies": []}]


# Tools by list: agents, and what they may call on what.
GATEWAY = ("tool gateway, ops tools", [
    ("ops-agent", [("jira:GetIssue", "*"), ("jira:AddComment", "*"), ("vault:ReadSecret", "prod/*"),
                   ("deploy:CreateRelease", "*"), ("ops:RestartService", "*"),
                   ("chat:PostMessage", "*")]),
    ("incident-triage", [("jira:GetIssue", "ticket/*"), ("jira:AddComment", "ticket/*"),
                         ("vault:ReadSecret", "prod/*"), ("deploy:CreateRelease", "service/*"),
                         ("ops:RestartService", "service/*"),
                         ("chat:PostMessage", "channel/operations")])])

PIPELINE = ("pipeline tools", [
    ("build-agent", [("git:Pull", "repo/*"), ("tests:Run", "repo/*"), ("vault:ReadSecret", "*"),
                     ("deploy:CreateRelease", "*"), ("artifacts:Upload", "repo/*")]),
    ("release-orchestrator", [("git:Pull", "repo/*"), ("tests:Run", "repo/*"),
                              ("vault:ReadSecret", "prod/*"),
                              ("deploy:CreateRelease", "service/*")]),
    ("code-review-agent", [("git:Pull", "repo/*"), ("git:GetDiff", "repo/*"),
                           ("git:AddReviewComment", "repo/*")])])

PROCUREMENT = ("erp role", [
    ("procurement-bot", [("erp:SearchVendors", "vendors"), ("erp:CreateVendor", "vendor/*"),
                         ("erp:RequestPricing", "vendor/*"), ("erp:UpdateBankDetails", "vendor/*"),
                         ("erp:CreateOrder", "order/*"), ("agents:Delegate", "vendor-onboarding")]),
    ("sourcing-agent", [("erp:SearchVendors", "vendors"), ("erp:CreateVendor", "vendor/*"),
                        ("erp:RequestPricing", "vendor/*"), ("erp:UpdateBankDetails", "vendor/*"),
                        ("agents:Delegate", "vendor-onboarding")]),
    ("vendor-onboarding", [("erp:GetVendor", "vendor/*"), ("erp:UpdateVendor", "vendor/*"),
                           ("erp:UpdateBankDetails", "vendor/*")]),
    ("invoice-reader", [("erp:GetInvoice", "invoice/*"), ("erp:CreateBooking", "booking/*")])])

CRM = [
    ("support-agent", ["helpdesk:GetTicket", "helpdesk:DraftReply", "helpdesk:EditCaseRecord",
                       "kb:SearchArticles", "crm:GetCustomer", "crm:ExportRecords",
                       "crm:DeleteCustomer", "mail:send_external"]),
    ("account-care-agent", ["helpdesk:GetTicket", "helpdesk:DraftReply", "kb:SearchArticles",
                            "crm:GetCustomer", "crm:ExportRecords", "chat:PostMessage"]),
    ("crm-sync", ["crm:ListRecent", "crm:ExportRecords"]),
    ("campaign-planner", ["crm:ListRecent", "crm:ListSegments", "crm:ExportRecords",
                          "mail:send_external"]),
    ("hr-onboarding", ["hr:GetHire", "directory:CreateAccount", "directory:AddToGroup",
                       "chat:PostMessage"]),
]
CRM_RESOURCES = {
    "crm": "crm/*", "helpdesk": "case/*", "kb": "kb/*", "mail": "*", "hr": "person/*",
    "directory:CreateAccount": "account/*", "directory:AddToGroup": "group/everybody",
    "chat": "channel/*", "crm:GetCustomer": "customer/*", "crm:DeleteCustomer": "customer/*"}


def crm_resource(action):
    return CRM_RESOURCES.get(action) or CRM_RESOURCES[action.split(":")[0]]


def privileges_yaml(comment, via, grants):
    lines = [f"# {comment}", "privileges:"]
    for agent, tools in grants:
        for action, resource in tools:
            lines.append(f'  - {{agent: {agent}, action: "{action}", resource: "{resource}", '
                         f'effect: allow, via: "{via}"}}')
    return "\n".join(lines) + "\n"


def write(output):
    output.write_json("aws/account-authorization-details.json", authorization_details(
        ACCOUNT, ROLES, USERS, GROUPS, MANAGED))
    output.write_json("aws/labs-authorization-details.json", authorization_details(
        LABS_ACCOUNT, LABS_ROLES))
    output.write_json("aws/old-warehouse-authorization-details.json", authorization_details(
        OLD_ACCOUNT, OLD_ROLES))
    output.write("gateway/privileges.yaml", privileges_yaml(
        "What the operations agents may call through the tool gateway.", *GATEWAY))
    output.write("pipeline/privileges.yaml", privileges_yaml(
        "What the agents of the pipeline may call.", *PIPELINE))
    output.write("procurement/privileges.yaml", privileges_yaml(
        "What the purchasing agents may call in the ERP system.", *PROCUREMENT))
    rows = ["agent,action,resource,effect,via"]
    for agent, actions in CRM:
        for action in actions:
            rows.append(f"{agent},{action},{crm_resource(action)},allow,customer tools")
    output.write("crm/privileges.csv", "\n".join(rows) + "\n")
