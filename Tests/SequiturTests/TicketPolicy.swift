/// A policy of two steps, for tests that make their own agents and events: `read_ticket`, then
/// `vault_read`, in one task.
enum TicketPolicy {
  static let text = """
    policy: ticket-then-secret
    version: 1
    title: A ticket was read, then a secret
    severity: high
    kind: forbid
    themes: [chained-actions]
    per: task
    steps:
      - {id: ticket, action: read_ticket}
      - {id: secret, action: vault_read}
    within: 1h
    because: A ticket says what to fetch.
    falsePositives: [none]
    remedy: Ask first.
    examples:
      - name: both
        violates: true
        events: |
          10:00 bot task=T1 read_ticket
          10:01 bot task=T1 vault_read
      - name: one
        violates: false
        events: |
          10:00 bot task=T1 read_ticket
    """
}
