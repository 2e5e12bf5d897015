"""Deciding by spreadsheet: the sheet that goes out, and what comes back in it."""
