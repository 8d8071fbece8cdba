"""Joined reads, one screen a file; they return frozen rows, so that a page cannot ask the database for more."""
