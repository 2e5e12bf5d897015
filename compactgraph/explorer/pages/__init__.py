"""The pages of the explorer, one script each."""
