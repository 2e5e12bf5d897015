"""How the words of a review are read: dispositions, reasons, relations and mentions."""
