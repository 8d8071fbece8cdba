"""Oversight: who buys, pilots and regulates surveillance technology, watched and recorded."""

VERSION = "0.1.0"
