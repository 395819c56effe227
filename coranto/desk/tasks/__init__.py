"""The worker's part in the desk, a module for each subject."""
