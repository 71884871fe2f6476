"""The parts of the example organisation: who there is, what they hold, what they did."""
