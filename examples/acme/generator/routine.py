"""What the agents do day by day: the work against which anything else stands out."""

from .days import Chance, is_weekend, quarter
from .tasks import Log, Task

SERVICES = ["checkout", "orders-api", "payments-api", "search", "storefront"]


def events():
    log = Log()
    chance = Chance("routine")
    for day in quarter():
        weekend = is_weekend(day)
        operations(log, chance, day, weekend)
        customers(log, chance, day, weekend)
        pipeline(log, chance, day, weekend)
        purchasing(log, chance, day, weekend)
    return log.events


def name(prefix, day, number):
    return f"{prefix}-{day:%m%d}-{number}"


def operations(log, chance, day, weekend):
    for agent, prefix, person in (("ops-agent", "CHG", "dana.okafor"),
                                  ("incident-triage", "INC", "marek.lindt")):
        for number in range(1, 1 + (2 if weekend else chance.between(3, 5))):
            task = Task(log, "gateway", name(prefix, day, number), agent,
                        chance.moment(day, 7, 20), f"Work on {name(prefix, day, number)}")
            task.call(4, "jira:GetIssue", f"ticket/{task.name}")
            if number == 1 and not weekend and chance.below(4) == 0:
                target = chance.pick(SERVICES)
                task.approved(chance.between(120, 900), person)
                task.call(30, "vault:ReadSecret", f"prod/{target}/db", environment="production")
                task.call(60, "deploy:CreateRelease", f"service/{target}", environment="production")
                task.call(90, "ops:RestartService", f"service/{target}", environment="production")
            else:
                task.call(20, "chat:PostMessage", "channel/operations")
            task.call(9, "jira:AddComment", f"ticket/{task.name}").end()


def customers(log, chance, day, weekend):
    for agent, low, high in (("support-agent", 6, 9), ("account-care-agent", 3, 6)):
        prefix = "CASE" if agent == "support-agent" else "ACC"
        for number in range(1, 1 + (3 if weekend else chance.between(low, high))):
            task = Task(log, "crm", name(prefix, day, number), agent, chance.moment(day, 7, 20),
                        "Answer the customer of " + name(prefix, day, number))
            task.call(3, "helpdesk:GetTicket", f"case/{task.name}")
            task.call(5, "crm:GetCustomer", f"customer/C-{chance.between(10000, 49999)}")
            task.call(8, "kb:SearchArticles", "kb/articles")
            task.call(40, "helpdesk:DraftReply", f"case/{task.name}").end()
    for number in range(6):
        task = Task(log, "crm", name("SYNC", day, number + 1), "crm-sync",
                    chance.moment(day, number * 4, number * 4 + 1))
        task.call(0, "crm:ListRecent", "crm/customers")
        task.call(9, "crm:ExportRecords", "crm/customers", args={
            "records": chance.between(110, 180), "destination": "warehouse"}).end()
    task = Task(log, "crm", name("SEG", day, 1), "campaign-planner", chance.moment(day, 9, 11))
    task.call(0, "crm:ListSegments", "crm/segments")
    if not weekend:
        task.call(50, "crm:ExportRecords", "crm/segments", args={
            "records": chance.between(80, 190), "destination": "campaigns"})
    task.end()
    task = Task(log, "crm", name("HIRE", day, 1), "hr-onboarding", chance.moment(day, 6, 7))
    task.call(0, "hr:GetHire", "person/new")
    if day.weekday() == 0:
        task.call(30, "directory:CreateAccount", f"account/e{day:%m%d}")
        task.call(15, "directory:AddToGroup", "group/everybody")
        task.call(20, "chat:PostMessage", "channel/welcome")


def pipeline(log, chance, day, weekend):
    for number in range(1, 1 + (2 if weekend else chance.between(4, 7))):
        target = chance.pick(SERVICES)
        task = Task(log, "pipeline", name("RUN", day, number), "build-agent",
                    chance.moment(day, 7, 20), f"Build {target} and release it to staging")
        task.call(3, "git:Pull", f"repo/{target}").call(35, "tests:Run", f"repo/{target}")
        task.call(240, "artifacts:Upload", f"repo/{target}")
        if chance.below(3) == 0:
            task.call(9, "vault:ReadSecret", f"staging/{target}/db", environment="staging")
        task.call(12, "deploy:CreateRelease", f"service/{target}", environment="staging").end()
    target = chance.pick(SERVICES)
    task = Task(log, "pipeline", name("REL", day, 1), "release-orchestrator",
                chance.moment(day, 9, 16), f"Take {target} to production")
    task.call(3, "git:Pull", f"repo/{target}").call(20, "tests:Run", f"repo/{target}")
    if not weekend and chance.below(3) > 0:
        task.approved(chance.between(200, 1200), "marek.lindt")
        task.call(20, "vault:ReadSecret", f"prod/{target}/db", environment="production")
        task.call(25, "deploy:CreateRelease", f"service/{target}", environment="production")
    task.end()
    for number in range(1, 1 + (1 if weekend else chance.between(3, 6))):
        target = chance.pick(SERVICES)
        task = Task(log, "pipeline", name("MR", day, number), "code-review-agent",
                    chance.moment(day, 8, 19))
        task.call(0, "git:GetDiff", f"repo/{target}")
        task.call(45, "git:AddReviewComment", f"repo/{target}")


def purchasing(log, chance, day, weekend):
    for agent, prefix in (("procurement-bot", "PR"), ("sourcing-agent", "SRC")):
        for number in range(1, 1 + (1 if weekend else chance.between(2, 3))):
            task = Task(log, "procurement", name(prefix, day, number), agent,
                        chance.moment(day, 8, 18), "Get prices for " + name(prefix, day, number))
            vendor = f"vendor/V-{chance.between(1000, 2999)}"
            task.call(6, "erp:SearchVendors", "vendors")
            is_new = chance.below(8) == 0
            if is_new:
                vendor = f"vendor/V-{day:%m%d}{number}"
            task.call(20, "erp:RequestPricing", vendor)
            if is_new:
                task.call(95, "erp:CreateVendor", vendor)
            if agent == "procurement-bot" and chance.below(2) == 0:
                task.call(60, "erp:CreateOrder", f"order/O-{day:%m%d}{number}")
            task.end()
    for number in range(1, 1 + (1 if weekend else 2)):
        task = Task(log, "procurement", name("VEN", day, number), "vendor-onboarding",
                    chance.moment(day, 8, 18), "Check the vendor of " + name("VEN", day, number))
        vendor = f"vendor/V-{chance.between(1000, 2999)}"
        task.call(5, "erp:GetVendor", vendor).call(30, "erp:UpdateVendor", vendor)
        if day.weekday() == 2 and number == 1:
            task.approved(chance.between(300, 1200), "priya.nair")
            task.call(45, "erp:UpdateBankDetails", vendor)
        task.end()
    for number in range(1, 1 + (2 if weekend else chance.between(4, 7))):
        task = Task(log, "procurement", name("INV", day, number), "invoice-reader",
                    chance.moment(day, 6, 18))
        task.call(0, "erp:GetInvoice", f"invoice/I-{day:%m%d}{number}")
        task.call(9, "erp:CreateBooking", f"booking/B-{day:%m%d}{number}")
