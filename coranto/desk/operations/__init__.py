"""What the desk does to the world."""
