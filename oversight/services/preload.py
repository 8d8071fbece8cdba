"""Imported once by the server that children are forked from: what they all need is built before, and shared."""

from oversight.platforms import readers
from oversight.services.examine import the_detector

readers.names()
the_detector()
