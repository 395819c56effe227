"""What the app and the edge tell each other; nothing here knows Django."""
