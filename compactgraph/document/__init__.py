"""From a review's folder and its source document to a plain model."""
