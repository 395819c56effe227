"""WordPress: its exports, its markup, its plugins' traces."""
