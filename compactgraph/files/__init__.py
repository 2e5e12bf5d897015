"""Files that people open: workbooks, CSV, Word documents, written and read."""
