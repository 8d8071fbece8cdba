"""The tests: they mirror oversight/, and need no network but 127.0.0.1."""
