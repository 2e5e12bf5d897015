"""What each page asks, and how its answer is put into words and pictures."""
