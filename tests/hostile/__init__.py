"""The whole pipeline against the hostile server of ../shared/hostile."""
