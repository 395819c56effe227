"""What is asked before an article goes out."""
