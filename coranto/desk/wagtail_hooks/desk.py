"""The desk, the calendar, the dashboard, the menu."""
