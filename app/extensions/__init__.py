"""What knows nothing of the platform: the database, the clock, the key vault, and the way to say no."""
