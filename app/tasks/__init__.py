"""What runs later: the worker and its jobs."""
