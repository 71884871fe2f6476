"""Events of the tool logs: one record a tool call, in Sequitur's canonical format."""

from .days import later, rfc3339


class Log:
    """Events by stream; a stream becomes the files of one folder."""

    def __init__(self):
        self.events = []

    def add(self, stream, time, record):
        self.events.append((stream, time, record))


class Task:
    """One task of one agent; each call follows the one before by some seconds."""

    def __init__(self, log, stream, name, agent, start, request=None, environment=None,
                 delegated_by=None, parent=None):
        self.log = log
        self.stream = stream
        self.name = name
        self.agent = agent
        self.time = start
        self.environment = environment
        self.delegated_by = delegated_by
        self.parent = parent
        self.count = 0
        self.last = None
        if request:
            self.call(0, "task.request", args={"text": request})

    def call(self, wait, action, resource=None, agent=None, stream=None, environment=None,
             outcome=None, args=None, result=None):
        """One call `wait` seconds after the one before; by another agent when one is named."""
        self.time = later(self.time, wait)
        self.count += 1
        record = {"id": f"{self.name}/{self.count}", "time": rfc3339(self.time),
                  "agent": agent or self.agent, "task": self.name, "action": action}
        optional = {
            "resource": resource, "environment": environment or self.environment,
            "outcome": outcome, "args": args, "result": result}
        if not agent:
            optional["delegatedBy"] = self.delegated_by
            optional["parent"] = self.parent
        record.update({key: value for key, value in optional.items() if value is not None})
        self.log.add(stream or self.stream, self.time, record)
        self.last = record["id"]
        return self

    def approved(self, wait, person):
        """A person approves the task in change control."""
        return self.call(wait, "change:Approve", self.name, agent=person, stream="change-control")

    def end(self, wait=5):
        return self.call(wait, "task.end")
