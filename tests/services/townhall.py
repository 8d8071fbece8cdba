"""A fake Legistar tenant whose clerk may change everything: the calendar, whole agendas, files and their histories."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from oversight.services.summary import Summary
from oversight.storage.engine import reading
from oversight.storage.models import (
    AgendaVersionRow,
    DocumentRow,
    ItemRow,
    MeetingChangeRow,
    MeetingMoveRow,
    MeetingRow,
    MentionRow,
)
from tests.services.poller import Poller

ROOT = "https://webapi.legistar.com/v1/seattle"

Row = dict[str, Any]


class Townhall:
    """What the clerk does (`meet`, `drop`, `agenda`, `matter`), polls, and what is stored."""

    def __init__(self, poller: Poller) -> None:
        self.poller = poller
        self.events: dict[int, Row] = {}
        self.agendas: dict[int, list[Row]] = {}
        self.stamps: Counter[int] = Counter()
        self.matters: list[Row] = []
        self.is_open = True
        fetch = poller.web.fetch

        def answer(url: str, **conditions: Any) -> Any:
            if self.is_open and "/events?" in url:
                poller.web.answer(url, json.dumps(list(self.events.values())))
            if self.is_open and "/matters?" in url:
                poller.web.answer(url, json.dumps(self.matters))
            return fetch(url, **conditions)

        poller.web.fetch = answer  # type: ignore[method-assign]

    # The clerk

    def meet(self, number: int, day: str = "2026-12-01", *agenda: Row, **changes: Any) -> None:
        """Put a meeting into the calendar, or change it; its agenda is empty until it is set."""
        known = self.events.get(number, {"EventTime": "2:00 PM", "EventBodyName": "City Council"})
        self.events[number] = known | {"EventId": number, "EventDate": f"{day}T00:00:00"} | changes
        if agenda or number not in self.agendas:
            self.agenda(number, *agenda)

    def drop(self, number: int) -> None:
        """Take a meeting out of the calendar."""
        del self.events[number]

    def agenda(self, number: int, *rows: Row) -> None:
        """Publish the agenda of a meeting, which moves a stamp in the calendar; the rows stand in their order."""
        self.amend(number, *rows)
        self.stamps[number] += 1
        self.events[number]["EventAgendaStamp"] = self.stamps[number]

    def amend(self, number: int, *rows: Row) -> None:
        """Change the agenda, and leave no trace of that in the calendar."""
        places = enumerate(rows, 1)
        self.agendas[number] = [
            row | {"EventItemEventId": number, "EventItemAgendaSequence": place} for place, row in places
        ]
        self.poller.web.answer(self.agenda_address(number), json.dumps(self.agendas[number]))

    def matter(self, number: int, file: str, title: str, *steps: Row, **changes: Any) -> None:
        """A file that changed, with its history."""
        self.matters = [row for row in self.matters if row["MatterId"] != number]
        row = {"MatterId": number, "MatterFile": file, "MatterTitle": title, "MatterStamp": len(steps)}
        self.matters.append(row | changes)
        address = f"{ROOT}/matters/{number}/histories?MatterFile={file.replace(' ', '%20')}"
        self.poller.web.answer(address, json.dumps(list(steps)))

    @staticmethod
    def agenda_address(number: int) -> str:
        return f"{ROOT}/events/{number}/eventitems?AgendaNote=1&MinutesNote=1&Attachments=1"

    # The poll

    def poll(self, at: datetime | None = None) -> Summary:
        """Poll at a moment, or an hour after the last poll."""
        self.poller.clock.moment = (at or self.poller.clock.moment + timedelta(hours=1)) - timedelta(hours=1)
        return self.poller.poll()

    @property
    def asked(self) -> list[int]:
        """Whose agendas the last poll asked for."""
        return [int(url.split("/events/")[1].split("/")[0]) for url in self.poller.web.asked if "/eventitems" in url]

    # What is stored

    def rows(self, entity: type[Any]) -> list[Any]:
        with reading(self.poller.sessions) as session:
            return list(session.scalars(select(entity).order_by(*entity.__table__.primary_key)))

    def meeting(self, number: int) -> MeetingRow:
        return next(row for row in self.rows(MeetingRow) if row.uid == f"event-{number}")

    def changes(self, number: int) -> list[str]:
        """What was seen to change about a meeting, in order."""
        identifier = self.meeting(number).id
        return [row.kind for row in self.rows(MeetingChangeRow) if row.meeting_id == identifier]

    def twins(self) -> dict[str, str]:
        """Each meeting that was called off with the one that took its place, by uid."""
        uids = {row.id: row.uid for row in self.rows(MeetingRow)}
        return {uids[row.meeting_id]: uids[row.moved_to_id] for row in self.rows(MeetingMoveRow)}

    def versions(self, number: int) -> list[AgendaVersionRow]:
        identifier = self.meeting(number).id
        return [row for row in self.rows(AgendaVersionRow) if row.meeting_id == identifier]

    def item(self, number: int) -> ItemRow:
        return next(row for row in self.rows(ItemRow) if row.uid == f"eventitem-{number}")

    @property
    def mentions(self) -> list[MentionRow]:
        return self.rows(MentionRow)

    @property
    def documents(self) -> list[DocumentRow]:
        return self.rows(DocumentRow)


def entry(number: int, title: str, note: str | None = None, **changes: Any) -> Row:
    """A row of an agenda."""
    return {"EventItemId": number, "EventItemTitle": title, "EventItemAgendaNote": note} | changes


def attachment(url: str, name: str = "Attachment A") -> Row:
    """A document on a row of an agenda."""
    return {"MatterAttachmentName": name, "MatterAttachmentHyperlink": url}
