"""The desk's screens in the admin, a module for each."""
