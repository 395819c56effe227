"""What readers and the newsroom see of the counting, a module for each subject."""
