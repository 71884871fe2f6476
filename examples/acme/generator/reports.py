"""Reports that an agent writes: its platform traces it, and its tool works in AWS under a role.

Neither log has all of it. What ties them is the id of each request: the SDK writes it into the
trace, AWS into the trail.
"""

import datetime
import json

from .cloudtrail import Session
from .days import at, identifier, later, quarter, rfc3339
from .output import line

TOOLS = [
    ("load_reconciliation", "Load a reconciliation from the finance bucket."),
    ("save_report", "Save a report in the finance team's folder."),
    ("post_message", "Post a message to a channel of the finance team."),
    ("send_email", "Send an email to any address."),
]


class Report:
    """One report: what was asked, and what the agent did."""

    def __init__(self, name, start, request, secret=False, pause=9, to=None):
        self.name = name
        self.start = start
        self.request = request
        # Whether the tool fetches the key of the billing system, too.
        self.secret = secret
        self.pause = pause
        # Whom the report is mailed to; else the team's channel hears of it.
        self.to = to
        self.requests = []

    def work(self, trail):
        """What its tool does in AWS; keeps when, what, and the ids of the requests."""
        session = Session(trail, "report-tools", "report-tools", later(self.start, 20))
        calls = [("S3.GetObject", lambda: session.get_object(
            "acme-reconciliation", f"{self.start:%Y-%m-%d}.csv", wait=2))]
        if self.secret:
            calls.append(("Secrets Manager.GetSecretValue",
                          lambda: session.secret("billing/erp-api", wait=3)))
        for name, call in calls:
            call()
            time, event = trail.events[-1]
            self.requests.append((name, time, event["requestID"]))

    def spans(self):
        """The spans as the platform exports them: those below before those above."""
        trace = hexadecimal("trace", self.name, 32)
        root = hexadecimal("root", self.name, 16)
        tools = []

        def tool(name, start, seconds, arguments, result):
            span = hexadecimal(name, self.name, 16)
            tools.append(made(trace, span, root, f"execute_tool {name}", 1, start, seconds, {
                "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name,
                "gen_ai.tool.call.arguments": json.dumps(arguments),
                "gen_ai.tool.call.result": result}))
            return span

        loading = hexadecimal("load_reconciliation", self.name, 16)
        spans = [
            made(trace, hexadecimal(name, self.name, 16), loading, name, 3,
                 time - datetime.timedelta(milliseconds=200), 0.5,
                 {"rpc.system": "aws-api", "aws.request_id": request})
            for name, time, request in self.requests]
        tool("load_reconciliation", later(self.start, 19), 12,
             {"name": f"{self.start:%Y-%m-%d}"}, "412 rows, 3 differences")
        time = later(self.start, 31 + self.pause)
        tool("save_report", time, 1, {"name": f"{self.name}.docx"}, "saved")
        if self.to:
            tool("send_email", later(time, 14), 1, {
                "to": self.to, "subject": "Reconciliation"}, "sent")
        else:
            tool("post_message", later(time, 14), 1, {"channel": "finance"}, "posted")
        asked = [{"role": "user", "parts": [{"type": "text", "content": self.request}]}]
        offered = [{"type": "function", "name": name, "description": text}
                   for name, text in TOOLS]
        return spans + tools + [
            made(trace, root, None, "invoke_agent report-writer", 1, self.start, 60 + self.pause, {
                "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "report-writer",
                "gen_ai.provider.name": "aws.bedrock", "gen_ai.conversation.id": self.name,
                "gen_ai.input.messages": json.dumps(asked),
                "gen_ai.tool.definitions": json.dumps(offered)})]


def made(trace, span, parent, name, kind, start, seconds, attributes):
    begin = int((start - datetime.datetime(1970, 1, 1)).total_seconds() * 1000) * 1_000_000
    found = {"traceId": trace, "spanId": span}
    if parent:
        found["parentSpanId"] = parent
    found.update({
        "name": name, "kind": kind, "startTimeUnixNano": str(begin),
        "endTimeUnixNano": str(begin + int(seconds * 1000) * 1_000_000),
        "attributes": texts(attributes), "status": {}})
    return found


def texts(values):
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def hexadecimal(kind, name, length):
    return identifier("trace", kind, name).replace("-", "")[:length]


def all_reports():
    reports = [
        Report(f"REP-{day:%m%d}-1", later(day, 7 * 3600 + 600), "Write this week's reconciliation.")
        for day in quarter() if day.weekday() == 0]
    # 5: the key of the billing system is fetched, and the report goes to somebody outside.
    reports.append(Report(
        "REP-0918-4", at("09-18 16:02:00"), "Tell the auditors how August was reconciled.",
        secret=True, to="desk@audit-partners.example"))
    # The twin: the same steps, after the controller agreed.
    reports.append(Report(
        "REP-0911-4", at("09-11 15:40:00"), "Tell the auditors how July was reconciled.",
        secret=True, pause=900, to="desk@audit-partners.example"))
    return sorted(reports, key=lambda report: report.start)


REPORTS = all_reports()


def work(trail):
    for report in REPORTS:
        report.work(trail)


def approvals(log):
    """In change control, between the reading and the sending."""
    log.add("change-control", at("09-11 15:49:10"), {
        "id": "REP-0911-4/approval", "time": rfc3339(at("09-11 15:49:10")), "agent": "priya.nair",
        "task": "REP-0911-4", "action": "change:Approve", "resource": "REP-0911-4"})


def write(output):
    """One export request a line, as a collector's file exporter writes them."""
    lines = [line({"resourceSpans": [{
        "resource": {"attributes": texts({
            "service.name": "report-writer", "deployment.environment.name": "production"})},
        "scopeSpans": [{"scope": {"name": "agents"}, "spans": report.spans()}]}]})
        for report in REPORTS]
    output.write("traces/report-writer.jsonl", "\n".join(lines) + "\n")
