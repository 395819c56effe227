"""Roles: what follows from them in the admin."""
