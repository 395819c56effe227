"""Pure rules of the desk, a module for each subject."""
