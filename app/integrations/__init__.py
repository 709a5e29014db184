"""What is outside: the systems of others that the platform asks, each behind a small adapter of its own."""
