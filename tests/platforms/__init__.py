"""Tests of how each platform speaks."""
