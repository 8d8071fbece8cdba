"""The rules of the product as plain values and pure functions: no network, database, clock or environment."""
