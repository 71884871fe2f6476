// Replaced by the target's own tests.
