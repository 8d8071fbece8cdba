"""What a folder of the record says was approved without citing a document of the government for it."""

from collections.abc import Iterator
from datetime import date

from oversight.domain.grounds import Cited, grounds
from oversight.services.record_kinds import RecordFiles


def record_doubts(record: RecordFiles, as_of: date) -> Iterator[str]:
    """One sentence for each such entry, by its file and its key; they load all the same."""
    cited = {source.key: Cited(source.tier, source.date) for source in record.sources}
    for file, entries in (("policies.json", record.policies), ("deployments.json", record.deployments)):
        for entry in entries:
            found = grounds(entry.history, [cited[key] for key in entry.sources], as_of)
            if found and found.is_doubtful:
                yield f"{file}: {entry.key}: {found.text}"
