"""The page with an editor's form: of a thing of the record, of a part of it, or of something new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from oversight.domain.record_diff import Merge, changes
from oversight.services.check_entry import in_form
from oversight.storage.models import RevisionRow
from oversight.storage.queries.jurisdictions import names_by_key
from oversight.storage.queries.policies import titles_by_key
from oversight.storage.queries.sources import SourceLine, sources_by_key
from oversight.web.asked import asked_word
from oversight.web.record_fields import Field, form_fields, new_source_fields, parts_of
from oversight.web.record_forms import Typed, rows_to_show
from oversight.web.record_words import label_of, said, title_of, what_changed
from oversight.web.session import reading

SOURCE_FIELDS = ("source-0", "source-1", "source-2")
OWN = ("reason", *SOURCE_FIELDS, "new_source-note", "correction", "")


@dataclass(frozen=True)
class Clash:
    """Somebody saved a newer version: the one this form was made from, theirs, and what comes of both."""

    base: RevisionRow
    theirs: RevisionRow
    mine: dict[str, Any]
    merge: Merge


@dataclass(frozen=True)
class Look:
    """What the thing would say if the form were saved."""

    after: dict[str, Any]


def render_form(
    noun: str,
    values: dict[str, Any],
    typed: Typed,
    *,
    faults: dict[str, str] | None = None,
    beside: Clash | Look | None = None,
) -> str:
    """The page. Something new has no key yet."""
    clash = beside if isinstance(beside, Clash) else None
    look = beside.after if isinstance(beside, Look) else None
    part = asked_part(noun)
    fields = form_fields(noun, part)
    with reading() as session:
        offers = {"jurisdictions": names_by_key(session), "policies": titles_by_key(session)}
        sources = sources_by_key(session)
    return render_template(
        "edit.html",
        noun=noun,
        key=values.get("key"),
        values=values,
        fields=fields,
        part=part,
        apart=[(one, len(values.get(one.name, ()))) for one in parts_of(noun)],
        new_source=new_source_fields(),
        typed=typed,
        faults=faults or {},
        clash=clash,
        offers=offers,
        sources=sources,
        names={key: source.title for key, source in sources.items()} | offers["policies"] | offers["jurisdictions"],
        cited=list(dict.fromkeys([*values.get("sources", ()), *typed.get("sources", ())])),
        title=title_of(noun, values) if "key" in values else "",
        look=what_changed(noun, values if "key" in values else None, look, sources) if look else None,
        sides=sides(noun, clash, sources) if clash else [],
        rows={one.name: rows_to_show(one.name, typed) for one in fields if one.columns},
    )


def sides(noun: str, clash: Clash, sources: dict[str, SourceLine]) -> list[tuple[str, str, list[str]]]:
    """Each field in which the versions differ: its name, what the form holds now, and the words of all three."""
    versions = (in_form(noun, clash.base.after), in_form(noun, clash.theirs.after), clash.mine)
    names = {change.path[0]: None for one in versions[1:] for change in changes(versions[0], one)}
    held = dict.fromkeys(clash.merge.clashing, "yours; both of you changed it")
    held |= dict.fromkeys(clash.merge.theirs, "theirs; you had not touched it")
    return [
        (
            label_of(noun, (name,)),
            held.get(name, "yours"),
            [said(noun, (name,), version.get(name), sources) for version in versions],
        )
        for name in names
    ]


def asked_part(noun: str) -> str:
    """The part whose form the address asks for; none for the form of the thing itself."""
    return asked_word("part", [one.name for one in parts_of(noun)])


def names_in(fields: Sequence[Field]) -> list[str]:
    """Every field that a message can stand beside."""
    return [one.name for one in (*fields, *new_source_fields())] + list(OWN)
