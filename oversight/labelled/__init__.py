"""Documents that we wrote and labelled, which the detector is judged by (here) and trained with (training/)."""

from pathlib import Path

HERE = Path(__file__).parent


def files() -> list[Path]:
    """The documents that the published accuracy rests on."""
    return sorted(HERE.glob("*.jsonl"))


def training_files() -> list[Path]:
    """The documents that are only learned from."""
    return sorted((HERE / "training").glob("*.jsonl"))
