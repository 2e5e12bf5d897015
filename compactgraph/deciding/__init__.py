"""How a decision is entered: what can be decided, what it must say, and how it is recorded."""
