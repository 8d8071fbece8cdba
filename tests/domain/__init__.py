"""Tests of the rules of the product."""
