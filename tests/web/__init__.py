"""Tests of what people see, and of who may see it."""
