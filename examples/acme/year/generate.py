#!/usr/bin/env python3
"""Writes the four quarters of examples/acme/year: a small part of Acme, small enough to read.

Python 3, standard library only; the same code gives the same files. README.md says what happens in
them. With `--check` nothing is written: it fails, with their names, when files are not what this
code gives.
"""

import datetime
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True

from generator.days import rfc3339
from generator.output import Output, line
from generator.tasks import Log, Task

YEAR = 2026

AGENTS = """\
# The agents of the year, and the people who approve.
agents:
  - {agent: ops-agent, kind: agent, owner: Platform, environment: production, criticality: high}
  - {agent: support-agent, kind: agent, owner: Customer Care, environment: production, criticality: high}
  - {agent: crm-sync, kind: agent, owner: Customer Care, environment: production, criticality: moderate}
  - {agent: procurement-bot, kind: agent, owner: Finance Operations, environment: production, criticality: high}
  - {agent: dana.okafor, kind: user, owner: dana.okafor, purpose: Change manager}
"""

# What each agent may call, and on what.
GRANTS = [
    ("ops-agent", "ops tools", [
        ("jira:GetIssue", "ticket/*"), ("deploy:CreateRelease", "service/*"),
        ("ops:RestartService", "service/*")]),
    ("support-agent", "customer tools", [
        ("helpdesk:GetTicket", "case/*"), ("crm:GetCustomer", "customer/*")]),
    ("crm-sync", "customer tools", [
        ("crm:ListRecent", "crm/customers"), ("crm:ExportRecords", "crm/customers")]),
    ("procurement-bot", "purchasing tools", [
        ("erp:RequestPricing", "vendor/*"), ("erp:CreateVendor", "vendor/*")]),
]

# What comes and goes: the quarters in which it is granted.
EXTRA = [
    ("procurement-bot", "erp:UpdateBankDetails", "vendor/*", "purchasing tools", (1,)),
    # Taken away in the second quarter, and back with the template of the third.
    ("support-agent", "crm:DeleteCustomer", "customer/*", "agent template", (1, 3, 4)),
]


def days(quarter):
    """Each day of a quarter."""
    day = datetime.datetime(YEAR, 3 * quarter - 2, 1)
    while day.month <= 3 * quarter and day.year == YEAR:
        yield day
        day += datetime.timedelta(days=1)


def at(day, hour, minute=0):
    return day + datetime.timedelta(hours=hour, minutes=minute)


def routine(log, number, day):
    """One task a day, of each agent in turn: the same work in every quarter."""
    name = f"{day:%m%d}"
    if number % 4 == 0:
        task = Task(log, "events", f"CHG-{name}", "ops-agent", at(day, 9), environment="production")
        task.call(0, "jira:GetIssue", f"ticket/CHG-{name}")
        task.call(900, "change:Approve", f"CHG-{name}", agent="dana.okafor")
        task.call(30, "deploy:CreateRelease", "service/checkout")
        task.call(20, "ops:RestartService", "service/checkout")
    elif number % 4 == 1:
        task = Task(log, "events", f"CASE-{name}", "support-agent", at(day, 10))
        task.call(0, "helpdesk:GetTicket", f"case/CASE-{name}")
        task.call(8, "crm:GetCustomer", f"customer/C-{20000 + number}")
    elif number % 4 == 2:
        task = Task(log, "events", f"SYNC-{name}", "crm-sync", at(day, 2))
        task.call(0, "crm:ListRecent", "crm/customers")
        task.call(9, "crm:ExportRecords", "crm/customers", args={
            "records": 190, "destination": "warehouse"})
    else:
        task = Task(log, "events", f"PR-{name}", "procurement-bot", at(day, 11))
        task.call(0, "erp:RequestPricing", f"vendor/V-{1800 + number % 7}")


def exports(log, quarter):
    """Seven exports that together pass 10,000 records in a day: the old system is being moved."""
    day = datetime.datetime(YEAR, 3 * quarter - 1, 17)
    for number in range(7):
        task = Task(log, "events", f"MOVE-{day:%m%d}-{number + 1}", "crm-sync",
                    at(day, 8 + number))
        task.call(0, "crm:ExportRecords", "crm/customers", args={
            "records": 1500, "destination": "warehouse"})


def bank_details(log):
    """The first quarter's chain: a vendor is made, asked for a price, and its bank changed."""
    task = Task(log, "events", "PR-0212-8", "procurement-bot",
                datetime.datetime(YEAR, 2, 12, 15, 10))
    task.call(0, "erp:CreateVendor", "vendor/V-3391")
    task.call(35, "erp:RequestPricing", "vendor/V-3391")
    task.call(180, "erp:UpdateBankDetails", "vendor/V-3391", args={
        "iban": "GB33BUKB20201555555555"})


def vendors(log, quarter):
    """What procurement-bot is for: a new vendor, without touching its bank details."""
    day = datetime.datetime(YEAR, 3 * quarter - 1, 5)
    task = Task(log, "events", f"PR-{day:%m%d}-1", "procurement-bot", at(day, 14))
    task.call(0, "erp:CreateVendor", f"vendor/V-{3400 + quarter}")
    task.call(35, "erp:RequestPricing", f"vendor/V-{3400 + quarter}")


def events(quarter):
    log = Log()
    for number, day in enumerate(days(quarter)):
        routine(log, number, day)
    exports(log, quarter)
    vendors(log, quarter)
    if quarter == 1:
        bank_details(log)
    records = sorted(log.events, key=lambda event: (rfc3339(event[1]), event[2]["id"]))
    return "\n".join(line(record) for _, _, record in records) + "\n"


def privileges(quarter):
    lines = ["# What they may call, as of the end of the quarter.", "privileges:"]
    for agent, via, tools in GRANTS:
        extra = [(action, on, by) for who, action, on, by, when in EXTRA
                 if who == agent and quarter in when]
        for action, resource, by in [(*tool, via) for tool in tools] + extra:
            lines.append(f'  - {{agent: {agent}, action: "{action}", resource: "{resource}", '
                         f'effect: allow, via: "{by}"}}')
    return "\n".join(lines) + "\n"


def main(arguments):
    different = []
    for quarter in range(1, 5):
        output = Output(os.path.join(HERE, f"{YEAR}-Q{quarter}", "input"))
        output.write("agents.yaml", AGENTS)
        output.write("privileges.yaml", privileges(quarter))
        output.write("events.ndjson", events(quarter))
        if arguments == ["--check"]:
            different += [f"{YEAR}-Q{quarter}/{path}" for path in output.differences()]
        elif arguments:
            print("usage: generate.py [--check]", file=sys.stderr)
            return 2
        else:
            print(output.save())
    for path in different:
        print(f"{path}: not what generate.py writes")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
