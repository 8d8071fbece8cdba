"""What a user or a job does: the verbs, which join the adapters."""
