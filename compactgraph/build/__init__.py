"""From sources to a checked and published store."""
