"""The steps of `convert_starter.py`, and the hand-kept files that it reads."""
