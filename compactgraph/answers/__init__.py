"""What people ask of a review, answered from its graph as values, without a word of HTML."""
