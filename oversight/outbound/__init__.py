"""The one guarded HTTP client: every byte from outside comes through here."""
