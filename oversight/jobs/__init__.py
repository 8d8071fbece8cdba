"""The clock and the engine that runs its jobs."""
