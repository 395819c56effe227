"""The article editor: its scripts and what they ask."""
