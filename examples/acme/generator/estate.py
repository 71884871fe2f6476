"""Who there is: the inventory of agents, and the people who approve."""

ACCOUNT = "111122223333"
LABS_ACCOUNT = "555566667777"
OLD_ACCOUNT = "777788889999"
PARTNER_ACCOUNT = "444455556666"


def role(name, account=ACCOUNT):
    return f"arn:aws:iam::{account}:role/{name}"


# name, kind, owner, environment, criticality, purpose, further fields
AGENTS = [
    ("ops-agent", "agent", "Platform", "production", "high",
     "Works through change tickets: releases and restarts services.", {}),
    ("incident-triage", "agent", "Platform", "production", "high",
     "Works through incident tickets: releases and restarts services.", {}),
    ("build-agent", "agent", "Developer Platform", "production", "high",
     "Builds and tests every merge, and releases to staging.", {}),
    ("release-orchestrator", "agent", "Developer Platform", "production", "high",
     "Takes tested builds to production once a person has confirmed.", {}),
    ("staging-deployer", "agent", "Developer Platform", "staging", "low",
     "Keeps the staging environment up to date.", {}),
    ("code-review-agent", "agent", "Developer Platform", "production", "moderate",
     "Comments on merge requests.", {}),
    ("support-agent", "agent", "Customer Care", "production", "high",
     "Answers private customers' cases.", {}),
    ("account-care-agent", "agent", "Customer Care", "production", "high",
     "Answers business customers' cases.", {}),
    ("crm-sync", "agent", "Customer Care", "production", "moderate",
     "Copies changed customer records to the data warehouse.", {}),
    ("campaign-planner", "agent", None, "production", "low",
     "Draws customer segments for campaigns.", {"expires": "2026-08-31T22:00:00Z"}),
    ("procurement-bot", "agent", "Finance Operations", "production", "high",
     "Finds vendors and asks them for prices.", {"mayDelegateTo": ["vendor-onboarding"]}),
    ("sourcing-agent", "agent", "Finance Operations", "production", "high",
     "Finds vendors and asks them for prices, for the factories.",
     {"mayDelegateTo": ["vendor-onboarding"]}),
    ("vendor-onboarding", "agent", "Finance Operations", "production", "high",
     "Keeps the vendor master data for the purchasing agents.", {}),
    ("invoice-reader", "agent", "Finance Operations", "production", "moderate",
     "Reads invoices and prepares bookings.", {}),
    ("report-writer", "agent", "Finance Operations", "production", "moderate",
     "Writes the weekly report on payments and invoices.", {}),
    ("report-tools", "service-account", "Finance Operations", "production", "moderate",
     "The role under which report-writer's tools work in AWS.", {"aws": True}),
    ("hr-onboarding", "agent", "People", "production", "moderate",
     "Prepares accounts for new colleagues.", {}),
    ("docs-assistant", "agent", "Marketing", "production", "low",
     "Looks things up and drafts texts for colleagues.", {}),
    ("meeting-notes", "agent", "People", "production", "low",
     "Writes and files the notes of meetings.", {"created": "2026-09-21T08:00:00Z"}),
    ("backup-operator", "service-account", "Platform", "production", "high",
     "Takes and thins out snapshots.", {"aws": True}),
    ("log-archiver", "service-account", "Platform", "production", "moderate",
     "Moves logs to cold storage.", {"aws": True}),
    ("cost-watcher", "service-account", "Data", "production", "low",
     "Reports what the cloud costs.", {"aws": True}),
    ("cert-renewer", "service-account", "Platform", "production", "moderate",
     "Renewed certificates, until the load balancer did so itself.", {"aws": True}),
    ("billing-reconciler", "agent", "Finance Operations", "production", "high",
     "Compares payments with invoices every night.", {"aws": True}),
    ("data-export-job", "agent", "Data", "production", "moderate",
     "Fills the data warehouse every night.", {"id": role("data-export-job")}),
    ("legacy-etl", "service-account", None, "production", "moderate",
     "Loads the old data warehouse.", {"id": role("legacy-etl", OLD_ACCOUNT)}),
    ("forecast-agent", "agent", "Data", "production", "low",
     "Forecasts sales, in an account of its own.",
     {"id": role("forecast-agent", LABS_ACCOUNT), "created": "2026-09-21T08:00:00Z"}),
    ("metrics-shipper", "service-account", "Platform", "production", "low",
     "Copies metrics to the dashboards.",
     {"aliases": [f"arn:aws:iam::{ACCOUNT}:user/metrics-shipper"]}),
    ("translation-agent", "agent", "Marketing", "production", "low",
     "Translates product texts; a supplier runs it.", {}),
    ("break-glass-admin", "role", "Platform", "production", "high",
     "For emergencies, by people, with two keys.", {"aws": True}),
]

# Agents of the tool gateway that act in AWS too, under a role of their name.
ALSO_IN_AWS = ["ops-agent", "incident-triage", "build-agent", "release-orchestrator",
               "staging-deployer"]

PEOPLE = [
    ("dana.okafor", "Change manager"),
    ("marek.lindt", "Site reliability engineer on call"),
    ("priya.nair", "Finance controller"),
    ("sofia.keller", "Head of customer care"),
]


def write(output):
    lines = ["# The register of agents and other non-human identities, as of 30 September 2026."]
    lines.append("agents:")
    for name, kind, owner, environment, criticality, purpose, more in AGENTS:
        lines.append(f"  - agent: {more.get('id', name)}")
        if "id" in more:
            lines.append(f"    name: {name}")
        lines.append(f"    kind: {kind}")
        if owner:
            lines.append(f"    owner: {owner}")
        lines.append(f"    environment: {environment}")
        lines.append(f"    criticality: {criticality}")
        lines.append(f'    purpose: "{purpose}"')
        lines.append(f"    created: {more.get('created', '2025-11-03T09:00:00Z')}")
        if "expires" in more:
            lines.append(f"    expires: {more['expires']}")
        aliases = more.get("aliases", [])
        if more.get("aws") or name in ALSO_IN_AWS:
            aliases = aliases + [role(name)]
        if aliases:
            lines.append(f"    aliases: [{', '.join(aliases)}]")
        if "mayDelegateTo" in more:
            lines.append(f"    mayDelegateTo: [{', '.join(more['mayDelegateTo'])}]")
    output.write("inventory/agents.yaml", "\n".join(lines) + "\n")

    lines = ["# The people who may approve, from the directory."]
    lines.append("agents:")
    for name, title in PEOPLE:
        lines += [f"  - agent: {name}", "    kind: user", f"    owner: {name}",
                  f"    purpose: {title}"]
    output.write("inventory/people.yaml", "\n".join(lines) + "\n")
