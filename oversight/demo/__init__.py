"""A first look with no network: bundled sample feeds, polled by the real pipeline."""
