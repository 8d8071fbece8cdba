"""Measures our poll beside other feed readers, in one run on one machine: `make bench`."""
