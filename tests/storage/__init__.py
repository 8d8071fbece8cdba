"""Tests of the tables, their reads and writes."""
