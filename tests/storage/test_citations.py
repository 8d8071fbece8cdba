"""The order of the sources of one fact: what stands nearest to the act itself comes first."""

from oversight.storage.models import SourceRow
from oversight.storage.queries.sources import nearest_first, source_line


def test_the_nearest_to_the_act_comes_first_and_of_these_the_oldest_with_a_date() -> None:
    rated = [("news", "T4", "2018"), ("undated", "T1", None), ("unrated", None, "2017"), ("text", "T1", "2019-05")]
    lines = [source_line(SourceRow(key=key, title=key, tier=tier, date=day)) for key, tier, day in rated]
    assert [line.key for line in nearest_first(lines)] == ["text", "undated", "news", "unrated"]
