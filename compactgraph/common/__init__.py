"""What every folder rests on: identifiers, namespaces, plain English, files that are written whole."""
