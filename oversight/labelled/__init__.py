"""Documents that we wrote and labelled: the detector is judged by these, learns from training/, never from unseen/."""

from pathlib import Path

HERE = Path(__file__).parent


def files() -> list[Path]:
    """The documents that the published accuracy rests on."""
    return sorted(HERE.glob("*.jsonl"))


def unseen_files() -> list[Path]:
    """The documents that nothing was learned from: no training may read them, and no rule should be made after them."""
    return sorted((HERE / "unseen").glob("*.jsonl"))


def training_files() -> list[Path]:
    """The documents that are only learned from."""
    return sorted((HERE / "training").glob("*.jsonl"))
