"""An editor's change of the record: checked like a file of the record, kept as one revision, never over another's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.adoption import newly_approved, vote_source
from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.correction import Verdict
from oversight.domain.proposal import changes_legal_status
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput, NotAllowed, NotFound
from oversight.services.check_entry import ENTRIES, Fault, checked
from oversight.services.correct import accept
from oversight.services.name_sources import key_of, named_sources
from oversight.services.record import RecordWriter, says
from oversight.services.record_entries import Entry
from oversight.services.record_shape import with_sources
from oversight.services.tell_record import tell_revision
from oversight.storage.events import Recall
from oversight.storage.models import RevisionRow
from oversight.storage.revisions import Change, last_revision, revision_at

NEW = 0
VOTE_FACT = "vote_source"
VOTE_NEEDED = (
    "The record says that a body approved only where a government document (tier T1 or T2) among the sources of this "
    "change says that it voted yes. Name one below and say so, or choose another status."
)
STILL_SAVE = "The form does not carry it any more: save again if the change still stands."


class InvalidEdit(InvalidInput):
    """Some fields cannot be used: show each message beside its field, and keep what was typed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(words for _place, words in faults))
        self.faults = faults


class EditConflict(NotAllowed):
    """Somebody saved a newer version meanwhile: show both, and keep what was typed."""


class SecondPersonNeeded(NotAllowed):
    """The rule of two persons holds for this change of a legal status: propose it.

    `after` is what the policy would say, `to_version` the version that would be restored, 0 for none.
    """

    def __init__(self, edit: "Edit", after: dict[str, Any], to_version: int) -> None:
        super().__init__("A change of a policy's legal status needs a second editor: propose it in the policy's form.")
        self.edit, self.after, self.to_version = edit, after, to_version


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What an editor wants a thing to be, made from one version of it (NEW: there is none), and what it rests on.

    `sources` are keys or addresses of sources; `new_source` is one that the record does not have yet; `corrections` are
    the numbers of those that it carries out, and that it closes. `is_alone`: the rule of two persons holds, and nobody
    else has approved it.
    """

    noun: str
    key: str
    version: int
    values: dict[str, Any]
    actor: str
    reason: str
    sources: tuple[str, ...]
    new_source: dict[str, Any] | None
    says_vote: bool
    corrections: tuple[int, ...] = ()
    is_alone: bool = False

    def require_second(self, before: dict[str, Any] | None, after: dict[str, Any], *, to_version: int = 0) -> None:
        """Raise SecondPersonNeeded where one editor alone may not make this change."""
        if self.is_alone and changes_legal_status(self.noun, before or {}, after):
            raise SecondPersonNeeded(self, after, to_version)


def version_of(session: Session, noun: str, key: str, version: int | None = None) -> RevisionRow:
    """A version of a thing, or its newest; raises NotFound."""
    found = None
    if noun in ENTRIES:
        found = last_revision(session, noun, key) if version is None else revision_at(session, noun, key, version)
    if found is None:
        raise NotFound("The record has no such thing, or no such version of it.")
    return found


def save_edit(session: Session, edit: Edit, *, now: datetime) -> RevisionRow:
    """Keep the edit as the next version; raises InvalidEdit, EditConflict, SecondPersonNeeded, or NotFound.

    Two that save the same version at once: the second breaks the unique constraint, and is to be tried again.
    """
    base = version_of(session, edit.noun, edit.key, edit.version).after if edit.version else {}
    faults = reason_faults(edit.reason)
    named = named_sources(session, edit.sources, edit.new_source, faults)
    if not (named.keys or edit.sources or edit.new_source or edit.noun == "source"):
        faults.append((("source", 0), "No fact without a source: name at least one for this change."))
    told = with_sources(ENTRIES[edit.noun], edit.values, lambda words: key_of(session, words, named.new))
    values = told | {"key": edit.key}
    if "sources" in values:
        values["sources"] = list(dict.fromkeys([*values["sources"], *named.keys]))
    values = _with_vote(values, base, vote_source(named.tiers, says_vote=edit.says_vote), faults)
    entry = checked(session, edit.noun, values, faults, also=named.new)
    if faults or entry is None:
        raise InvalidEdit(faults)
    before = _before(session, edit)
    if says(entry, before):
        raise InvalidEdit([((), "Nothing was changed, so there is nothing to save.")])
    edit.require_second(before, entry.model_dump(mode="json"))
    writer = RecordWriter(session)
    if named.new:
        writer.keep(_change(edit, "source", None, named.new, (named.new.key,)), named.new, at=now)
    cited = tuple(named.keys) or (edit.key,)  # a source proves itself
    saved = writer.keep(_change(edit, edit.noun, before, entry, cited), entry, at=now)
    tell_revision(session, saved, at=now)
    try:
        accept(session, edit.corrections, saved, Verdict(edit.actor, edit.reason, now))
    except NotAllowed as error:
        raise InvalidEdit([(("correction",), f"{error} {STILL_SAVE}")]) from error
    return saved


def _before(session: Session, edit: Edit) -> dict[str, Any] | None:
    """What the newest version says that the edit follows; nothing where the thing is new."""
    newest = last_revision(session, edit.noun, edit.key)
    if newest and is_withdrawn(newest.after):
        raise InvalidEdit([((), f"It was withdrawn: {newest.reason} Restore a version of it first.")])
    if (newest.version if newest else NEW) != edit.version:
        raise EditConflict("somebody else saved a newer version meanwhile")
    return newest.after if newest else None


def restore(session: Session, edit: Edit, *, to_version: int, now: datetime) -> RevisionRow:
    """Make an older version the newest again; what was in between stays in the history."""
    return put_back(session, edit, to_version=to_version, now=now)[0]


def put_back(session: Session, edit: Edit, *, to_version: int, now: datetime) -> tuple[RevisionRow, Recall]:
    """The same, with what became of the alerts about what is no longer said."""
    faults = reason_faults(edit.reason)
    older = version_of(session, edit.noun, edit.key, to_version)
    newest = version_of(session, edit.noun, edit.key)
    if newest.version != edit.version:
        raise EditConflict("Somebody else saved a newer version meanwhile; look at it first, then decide again.")
    entry = checked(session, edit.noun, older.after, faults)
    if entry and says(entry, newest.after):
        faults.append(((), "That is what the newest version says already."))
    if faults or entry is None:
        raise InvalidEdit(faults)
    edit.require_second(newest.after, entry.model_dump(mode="json"), to_version=to_version)
    change = _change(edit, edit.noun, newest.after, entry, tuple(older.sources))
    saved = RecordWriter(session).keep(change, entry, at=now)
    return saved, tell_revision(session, saved, at=now)


def _change(edit: Edit, noun: str, before: dict[str, Any] | None, entry: Entry, sources: tuple[str, ...]) -> Change:
    after = entry.model_dump(mode="json")
    return Change(
        entity=noun,
        key=after["key"],
        before=before,
        after=after,
        actor=edit.actor,
        reason=edit.reason.strip()[:REASON_LENGTH],
        sources=sources,
        follows=edit.version if before is not None else None,
    )


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with a reason."""
    return [] if reason.strip() else [(("reason",), "Say in a few words why; it is kept in the history.")]


def _with_vote(values: dict[str, Any], base: dict[str, Any], proof: str | None, faults: list[Fault]) -> dict[str, Any]:
    """The values with the source of a vote noted, where they say newly that a body approved."""
    approved = newly_approved(base.get("history", ()), values.get("history", ()))
    if not approved:
        return values
    if proof is None:
        faults += [(("history", position, "status"), VOTE_NEEDED) for position in approved]
        return values
    facts = values["facts"]
    if isinstance(facts, dict):
        return values | {"facts": facts | {VOTE_FACT: proof}}
    others = [fact for fact in facts if fact["name"] != VOTE_FACT]
    return values | {"facts": [*others, {"name": VOTE_FACT, "value": proof}]}
