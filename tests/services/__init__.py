"""Tests of what the product does."""
