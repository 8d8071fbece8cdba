"""Every sample in tests/data/platforms, read by its platform's reader and held against what we expect of it.

A sample is `<platform>/<case>.<any ending>`, what is expected of it `<case>.expected.json`: the shape that
`flask feeds read` prints, or `{"refused": outcome}`. The samples are our own words in the platform's true shape.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oversight.domain.feed import Feed
from oversight.errors import FeedError
from oversight.platforms import reader_of, readers
from oversight.services.show import reading_as_contract
from tests.factories import make_answer, make_council, make_feed

DATA = Path(__file__).parents[1] / "data" / "platforms"
SAMPLES = sorted(file for file in DATA.glob("*/*") if not file.name.endswith(".expected.json"))
FEEDS: dict[str, Feed] = {"rss": make_feed()}


def feed_of(platform: str) -> Feed:
    """A feed of the platform; a council's, unless the platform is one of news."""
    return FEEDS.get(platform) or make_council(platform=platform)


def expected_of(sample: Path) -> Any:
    return json.loads((sample.parent / f"{sample.stem}.expected.json").read_text("utf-8"))


def read(sample: Path) -> dict[str, Any]:
    platform = sample.parent.name
    try:
        reading = reader_of(platform).read(feed_of(platform), make_answer(sample.read_bytes()))
    except FeedError as error:
        return {"refused": str(error.outcome)}
    return reading_as_contract(platform, reading)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_sample_reads_as_expected(sample: Path) -> None:
    assert read(sample) == expected_of(sample)


@pytest.mark.parametrize("platform", readers.names())
def test_every_platform_has_a_sample(platform: str) -> None:
    assert any(sample.parent.name == platform for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_sample_reads_in_the_shape_of_the_contract(sample: Path, shared: Path) -> None:
    schema = json.loads((shared / "contracts" / "feeds-read.schema.json").read_text("utf-8"))
    expected = expected_of(sample)
    faults = [] if "refused" in expected else list(Draft202012Validator(schema).iter_errors(expected))
    assert faults == []
