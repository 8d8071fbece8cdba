"""Tests of oversight/jobs: the engine, the clock's table, and the processes that live and are killed."""
