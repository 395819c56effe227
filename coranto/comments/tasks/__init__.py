"""What takes longer than an editor waits."""
