"""Exports: a filtered list as a file, made by the database where it can, streamed or as a job."""
