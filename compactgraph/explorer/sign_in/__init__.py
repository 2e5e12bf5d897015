"""Who may decide in the explorer, and how people sign in."""
