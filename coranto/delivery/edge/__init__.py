"""The edge: a process that owns the public socket and the page store, knows HTTP and nothing of Django."""
