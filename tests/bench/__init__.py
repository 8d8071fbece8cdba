"""Large inputs, made from our own words, for measuring."""
