"""What decisions and drafts do to a review, and how it stands after them."""
