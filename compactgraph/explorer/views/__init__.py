"""What several pages show, and the parts of the larger pages."""
