"""The forms by which a person records decisions in the explorer."""
