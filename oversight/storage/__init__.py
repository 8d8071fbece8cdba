"""Only SQL: engine, tables, reads and writes."""
