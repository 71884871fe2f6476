"""What they did in AWS: a trail of one region, one file a week, as S3 holds it."""

import json

from .days import LAST, Chance, at, identifier, is_weekend, later, quarter, rfc3339
from .estate import ACCOUNT, LABS_ACCOUNT, PARTNER_ACCOUNT, role

REGION = "eu-west-1"


class Session:
    """One assumed-role session: events that follow each other by a few seconds."""

    def __init__(self, trail, name, session, start, account=ACCOUNT):
        self.trail = trail
        self.chance = Chance(f"{name}/{session}")
        self.time = start
        network = "203.0.113" if account == PARTNER_ACCOUNT else f"10.20.{len(name)}"
        self.address = f"{network}.{self.chance.between(10, 240)}"
        principal = "AROAEXAMPLE" + name.replace("-", "").upper()[:10]
        self.identity = {
            "type": "AssumedRole", "principalId": f"{principal}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIAEXAMPLE{self.chance.between(10**8, 10**9 - 1)}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": principal, "arn": role(name, account),
                    "accountId": account, "userName": name},
                "attributes": {"creationDate": rfc3339(start), "mfaAuthenticated": "false"}}}

    def call(self, action, parameters=None, resource=None, read=False, data=False, error=None,
             wait=None):
        """One event; `resource` is (ARN, type), or several of these."""
        self.time = later(self.time, wait if wait is not None else self.chance.between(1, 9))
        service, name = action.split(":")
        event = {
            "eventVersion": "1.11", "userIdentity": self.identity,
            "eventTime": rfc3339(self.time), "eventSource": f"{service}.amazonaws.com",
            "eventName": name, "awsRegion": REGION, "sourceIPAddress": self.address,
            "userAgent": "Boto3/1.38.2 md/Botocore#1.38.2 lang/python#3.12.8"}
        if error:
            event["errorCode"] = error
            event["errorMessage"] = (
                f"User: {self.identity['arn']} is not authorized to perform: {action}")
        event["requestParameters"] = parameters
        event["responseElements"] = None
        place = (self.identity["arn"], rfc3339(self.time), str(len(self.trail.events)))
        event["requestID"] = identifier("request", *place)
        event["eventID"] = identifier("event", *place)
        event["readOnly"] = read
        if resource:
            several = resource if isinstance(resource, list) else [resource]
            event["resources"] = [
                {"accountId": self.trail.account, "type": kind, "ARN": arn}
                for arn, kind in several]
        event["eventType"] = "AwsApiCall"
        event["managementEvent"] = not data
        event["recipientAccountId"] = self.trail.account
        event["eventCategory"] = "Data" if data else "Management"
        event["tlsDetails"] = {
            "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.{REGION}.amazonaws.com"}
        self.trail.events.append((self.time, event))
        return self

    def read(self, action, parameters=None, resource=None, **more):
        return self.call(action, parameters, resource, read=True, **more)

    def get_object(self, bucket, key, **more):
        return self.read("s3:GetObject", *in_bucket(bucket, key), data=True, **more)

    def put_object(self, bucket, key):
        return self.call("s3:PutObject", *in_bucket(bucket, key), data=True)

    def secret(self, name, **more):
        return self.read("secretsmanager:GetSecretValue", {"secretId": secret_arn(name)}, **more)


class User(Session):
    """An IAM user with a key of its own instead of a session."""

    def __init__(self, trail, name, start):
        super().__init__(trail, name, start.strftime("%Y-%m-%d"), start)
        self.identity = {
            "type": "IAMUser", "principalId": "AIDAEXAMPLEMETRICS",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}", "accountId": ACCOUNT,
            "accessKeyId": "AKIAEXAMPLE000000001", "userName": name}


def in_bucket(bucket, key):
    """The parameters and resources of a call on an object."""
    return {"bucketName": bucket, "key": key}, [
        (f"arn:aws:s3:::{bucket}/{key}", "AWS::S3::Object"),
        (f"arn:aws:s3:::{bucket}", "AWS::S3::Bucket")]


class Trail:
    """The trail of one account, in one region."""

    def __init__(self, account):
        self.account = account
        self.events = []

    def write(self, output, folder):
        """One file a week, where S3 would have one every five minutes."""
        end = later(LAST, 86_400)
        weeks = {}
        for time, event in sorted(self.events, key=lambda pair: pair[0]):
            if time < end:
                weeks.setdefault(time.isocalendar()[:2], []).append((time, event))
        for events in weeks.values():
            first = events[0][0]
            name = (f"{self.account}_CloudTrail_{REGION}_{first:%Y%m%dT%H%MZ}_"
                    + identifier(str(first))[:8])
            output.write(
                f"{folder}/{REGION}/{first:%Y/%m/%d}/{name}.json.gz",
                json.dumps({"Records": [event for _, event in events]}, separators=(",", ":")))


def secret_arn(name):
    suffix = identifier("secret", name)[:6]
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-{suffix}"


def volume(number):
    return f"vol-0acme{number:011d}"


def snapshot(day, number):
    return f"snap-0{day:%Y%m%d}{number:08d}"


def nightly(trail, chance, day):
    """The jobs that run once a day, weekends too."""
    date = f"{day:%Y-%m-%d}"
    job = Session(trail, "backup-operator", f"backup-{date}", chance.moment(day, 2, 3))
    job.read("ec2:DescribeVolumes", {"maxResults": 100})
    for number in range(4):
        job.call("ec2:CreateSnapshot", {"volumeId": volume(number)})
    job.read("ec2:DescribeSnapshots", {"maxResults": 500})
    job.call("ec2:DeleteSnapshot", {"snapshotId": snapshot(day, 0)})

    job = Session(trail, "log-archiver", f"archive-{date}", chance.moment(day, 3, 4))
    job.read("logs:DescribeLogGroups", {"limit": 50})
    for name in ("gateway", "payments"):
        job.call("logs:CreateExportTask", {
            "logGroupName": f"/acme/{name}", "destination": "acme-logs-cold",
            "destinationPrefix": f"{name}/{date}"})
    for name in ("gateway", "payments"):
        key = f"{name}/{date}.json.gz"
        job.get_object("acme-logs", key).put_object("acme-logs-cold", key)

    job = Session(trail, "billing-reconciler", f"reconcile-{date}", chance.moment(day, 4, 5))
    job.secret("billing/erp-api")
    for number in range(chance.between(3, 6)):
        job.get_object("acme-invoices", f"{date}/{number:04d}.pdf")
    for _ in range(3):
        job.read("dynamodb:Query", {"tableName": "payments"}, (
            f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/payments", "AWS::DynamoDB::Table"),
            data=True)
    job.put_object("acme-reconciliation", f"{date}.csv")

    job = Session(trail, "data-export-job", f"export-{date}", chance.moment(day, 1, 2))
    for table in ("orders", "visits", "stock"):
        job.read("glue:GetTable", {"databaseName": "lake", "name": table})
        job.call("athena:StartQueryExecution", {"workGroup": "nightly", "queryString": "HIDDEN"})
        job.read("athena:GetQueryExecution", {"queryExecutionId": identifier(date, table)})
        job.read("athena:GetQueryResults", {"queryExecutionId": identifier(date, table)})
        job.get_object("acme-lake", f"{table}/{date}.parquet")
        job.put_object("acme-warehouse", f"{table}/{date}.parquet")

    job = Session(trail, "cost-watcher", f"costs-{date}", chance.moment(day, 6, 7))
    for _ in range(2):
        job.read("ce:GetCostAndUsage", {"granularity": "DAILY"})
    job.read("ce:GetCostForecast", {"granularity": "MONTHLY"})
    job.read("ec2:DescribeInstances", {"maxResults": 100}).read("s3:ListBuckets")

    user = User(trail, "metrics-shipper", chance.moment(day, 0, 1))
    for _ in range(4):
        user.read("cloudwatch:GetMetricData", {"maxDatapoints": 500},
                  wait=chance.between(900, 7200))
    user.read("cloudwatch:ListMetrics").read("ec2:DescribeInstances", {"maxResults": 100})
    user.read("logs:DescribeLogGroups", {"limit": 50})


def daily(trail, chance, day):
    """The agents that work through the day, less at weekends."""
    busy = 1 if is_weekend(day) else chance.between(2, 4)
    for number in range(busy):
        job = Session(trail, "build-agent", f"build-{day:%m%d}{number}", chance.moment(day, 7, 19))
        job.call("codebuild:StartBuild", {"projectName": chance.pick(SERVICES)})
        job.read("codebuild:BatchGetBuilds", {"ids": [identifier(str(day), str(number))]})
        job.read("ecr:GetAuthorizationToken")
        job.read("ecr:BatchCheckLayerAvailability", {"repositoryName": chance.pick(SERVICES)})
        job.call("ecr:InitiateLayerUpload", {"repositoryName": chance.pick(SERVICES)})
        job.call("ecr:PutImage", {
            "repositoryName": chance.pick(SERVICES), "imageTag": f"{day:%m%d}"})
        job.put_object("acme-artifacts", f"{day:%m%d}/{number}.tar").get_object(
            "acme-artifacts", "cache.tar")
    for number in range(busy):
        job = Session(trail, "staging-deployer", f"staging-{day:%m%d}{number}",
                      chance.moment(day, 7, 19))
        service(job, "staging")
    for name in ("ops-agent", "incident-triage"):
        for number in range(busy):
            job = Session(trail, name, f"look-{day:%m%d}{number}", chance.moment(day, 6, 22))
            job.read("cloudwatch:GetMetricData", {"maxDatapoints": 500})
            job.read("logs:FilterLogEvents", {"logGroupName": "/acme/" + chance.pick(SERVICES)})
            job.read("ecs:ListTasks", {"cluster": "production"})
            job.read("ecs:DescribeServices", {"cluster": "production",
                                              "services": [chance.pick(SERVICES)]})
    job = Session(trail, "release-orchestrator", f"release-{day:%m%d}", chance.moment(day, 9, 16))
    job.get_object("acme-artifacts", f"{day:%m%d}/0.tar")
    if not is_weekend(day):
        name = chance.pick(SERVICES)
        job.call("codedeploy:CreateDeployment", {
            "applicationName": "production", "deploymentGroupName": name})
        job.read("codedeploy:GetDeployment", {"deploymentId": f"d-{day:%m%d}ACME1"})
    job.read("ecs:DescribeServices", {"cluster": "production", "services": [chance.pick(SERVICES)]})
    job.read("codedeploy:ListDeployments")


SERVICES = ["checkout", "orders-api", "payments-api", "search", "storefront"]


def service(job, cluster):
    name = job.chance.pick(SERVICES)
    job.read("ecs:DescribeServices", {"cluster": cluster, "services": [name]})
    job.call("ecs:RegisterTaskDefinition", {"family": name})
    job.call("ecs:UpdateService", {"cluster": cluster, "service": name}, (
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{cluster}/{name}", "AWS::ECS::Service"))


def special(trail, chance):
    """What stands out: see README.md."""
    for day in quarter():
        # A partner's role that no inventory holds fetches files every Monday.
        if day.weekday() == 0:
            job = Session(trail, "partner-gateway", f"pull-{day:%m%d}", chance.moment(day, 8, 9),
                          account=PARTNER_ACCOUNT)
            for number in range(3):
                job.get_object("acme-partner-drop", f"{day:%Y-%m-%d}/{number}.csv")

    # Once it tries other files than its own, and is refused.
    job = Session(trail, "partner-gateway", "pull-0914-more", at("09-14 08:31:00"),
                  account=PARTNER_ACCOUNT)
    for number in range(12):
        job.get_object("acme-customers", f"export/{number}.csv", error="AccessDenied")

    # An identity of staging reaches production.
    job = Session(trail, "staging-deployer", "staging-hotfix", at("08-13 20:41:07"))
    job.secret("production/orders-db", wait=22)
    job.read("ecs:DescribeServices", {"cluster": "production", "services": ["orders-api"]}, wait=40)
    job.call("ecs:UpdateService", {"cluster": "production", "service": "orders-api"}, (
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/production/orders-api", "AWS::ECS::Service"),
        wait=95)

    # A job gives its own role a privilege, and uses it two minutes later.
    job = Session(trail, "data-export-job", "export-2026-07-22-retry", at("07-22 01:58:30"))
    job.read("glue:GetTable", {"databaseName": "lake", "name": "orders"})
    customers = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/customers"
    job.call("iam:PutRolePolicy", {
        "roleName": "data-export-job", "policyName": "retry", "policyDocument": json.dumps({
            "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "dynamodb:ExportTableToPointInTime",
                "Resource": customers}]})}, wait=31)
    job.call("dynamodb:ExportTableToPointInTime", {
        "tableArn": customers, "s3Bucket": "acme-warehouse"}, (
            customers, "AWS::DynamoDB::Table"), wait=118)

    # The trail is to be stopped and is not: denied. Then an archived log goes.
    job = Session(trail, "log-archiver", "archive-cleanup", at("09-02 03:40:12"))
    job.read("logs:DescribeLogGroups", {"limit": 50})
    job.call("cloudtrail:StopLogging", {
        "name": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/acme-trail"},
        error="AccessDenied", wait=18)
    job.call("s3:DeleteObject", *in_bucket("acme-logs-cold", "gateway/2026-09-01.json.gz"),
             data=True, wait=44)


def labs(trail, chance):
    """The account of the labs, whose trail begins on 21 September."""
    for day in quarter():
        if (day.month, day.day) < (9, 22):
            continue
        for number in range(2):
            job = Session(trail, "forecast-agent", f"forecast-{day:%m%d}{number}",
                          chance.moment(day, 8, 18), account=LABS_ACCOUNT)
            job.call("athena:StartQueryExecution", {"workGroup": "labs", "queryString": "HIDDEN"})
            job.read("athena:GetQueryResults", {"queryExecutionId": identifier(str(day), "q")})
            job.get_object("acme-labs-sales", f"{day:%m%d}.parquet")
            job.read("bedrock:InvokeModel", {"modelId": "forecast-small"})


def write(output, more):
    """The trails; `more` adds to the first one what is told elsewhere, too."""
    trail = Trail(ACCOUNT)
    chance = Chance("trail")
    for day in quarter():
        nightly(trail, chance, day)
        daily(trail, chance, day)
    special(trail, chance)
    more(trail)
    trail.write(output, "aws/cloudtrail")
    trail = Trail(LABS_ACCOUNT)
    labs(trail, chance)
    trail.write(output, "aws/cloudtrail-labs")
