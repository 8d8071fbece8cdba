"""Imported once by the server that children are forked from: what they all need is built before, and shared."""

import gc
import os

# The allocator of rensa would reserve a gigabyte of address space, twice what a child may have (SAFETY A7).
# It reads its options when it is loaded, which the imports below do.
os.putenv("MIMALLOC_ARENA_RESERVE", "1")

from oversight.platforms import readers
from oversight.services.examine import the_detector

gc.disable()  # nearly all that is loaded stays
readers.names()
the_detector()

# What is shared is never garbage: without it the collector of a child has little to walk, and writes to no shared page.
gc.collect()
gc.freeze()
gc.enable()
