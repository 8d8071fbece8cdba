"""Tests of oversight/cli: every command, as a person or a program calls it."""
