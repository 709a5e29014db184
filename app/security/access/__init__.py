"""Who may, and which rows."""
