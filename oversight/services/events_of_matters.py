"""Events of business that was told of: what was decided about it, and to which stage a body took it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.event import Event, EventKind, Told
from oversight.domain.matter_stage import MatterStage
from oversight.services.about import about_mentions, places_of, with_texts
from oversight.services.tell import tell
from oversight.services.told import meeting_facts
from oversight.storage.events import is_told
from oversight.storage.happened import items_with_business, steps_of_matters
from oversight.storage.heard import Heard, heard_of_items, heard_of_matters, leads_of
from oversight.storage.matters import StepKey
from oversight.storage.models import ItemRow, MatterRow, MatterStepRow

LATE_OUTCOME = timedelta(days=90)  # outcomes are looked for up to sixty days after a meeting
LATE_STEP = timedelta(days=30)  # a history that is read for the first time goes back years


def tell_outcomes(session: Session, item_ids: Collection[int], *, at: datetime) -> None:
    """Tell the outcomes of these items, of which each is new, where they or their matters were told of."""
    heard = heard_of_items(session, item_ids)
    for item in items_with_business(session, [item_id for item_id, ones in heard.items() if ones]):
        day = item.meeting.date if item.meeting else None
        if day is not None and day >= (at - LATE_OUTCOME).date():
            _tell_outcome(session, item, heard[item.id], at=at)


def _tell_outcome(session: Session, item: ItemRow, heard: Sequence[Heard], *, at: datetime) -> None:
    meeting, matter, outcome = item.meeting, item.matter, item.outcome or ""
    if meeting is None:
        return
    mentions = [one.mention for one in heard]
    business = next((one.business for one in heard if one.business is not None), None)
    event = Event(
        kind=EventKind.OUTCOME_RECORDED,
        subject=f"matter:{business}" if matter is not None and business is not None else f"item:{item.id}",
        occurrence=f"{meeting.date} {outcome.casefold()}",
        about=with_texts(about_mentions(mentions), [item.title, outcome, meeting.body]),
        told=Told(
            title=f"{outcome}: {item.title or mentions[0].title}",
            place=places_of(mentions),
            facts=(("Outcome", outcome), *((("File", matter.file),) if matter else ()), *meeting_facts(meeting)[:1]),
            path=f"/matters/{matter.id}" if matter else f"/meetings/{meeting.id}",
            source=item.url or meeting.minutes_url or meeting.url,
        ),
        is_reviewed=any(one.is_reviewed for one in heard),
    )
    tell(session, event, at=at)


def tell_steps(session: Session, steps: Collection[StepKey], *, at: datetime) -> None:
    """Tell the newest of these steps of each matter that was told of, where it took it to another stage.

    A vote whose outcome was told says it all; of what is long past nothing is told.
    """
    fresh = set(steps)
    leads = leads_of(session, {matter_id for matter_id, _ in fresh})
    heard: defaultdict[int, list[Heard]] = defaultdict(list)
    for one in heard_of_matters(session, set(leads.values())):
        heard[one.business or 0].append(one)
    histories: defaultdict[int, list[tuple[MatterStepRow, MatterRow]]] = defaultdict(list)
    wanted = [matter_id for matter_id, lead in leads.items() if lead in heard]
    for step, matter in steps_of_matters(session, wanted) if wanted else ():
        histories[matter.id].append((step, matter))
    for matter_id, history in histories.items():
        new = [step for step, _ in history if (matter_id, step.uid) in fresh]
        old = [step for step, _ in history if step not in new]
        newest = _newest(new, at=at)
        if newest is not None and (not old or old[-1].stage != newest.stage):
            _tell_step(session, (newest, history[0][1]), leads[matter_id], heard[leads[matter_id]], at=at)


def _newest(steps: Sequence[MatterStepRow], *, at: datetime) -> MatterStepRow | None:
    """The last of these steps that has a stage of its own, and is not long past."""
    since = (at - LATE_STEP).date()
    telling = [one for one in steps if one.stage != MatterStage.OTHER and one.date is not None and one.date >= since]
    return telling[-1] if telling else None


def _tell_step(
    session: Session, what: tuple[MatterStepRow, MatterRow], lead: int, heard: Sequence[Heard], *, at: datetime
) -> None:
    step, matter = what
    subject, stage = f"matter:{lead}", MatterStage(step.stage)
    if is_told(session, EventKind.OUTCOME_RECORDED, subject, str(step.date)):
        return
    mentions = [one.mention for one in heard]
    facts = (
        ("File", matter.file),
        ("Step", step.action),
        ("Outcome", step.outcome or ""),
        ("Votes", step.votes or ""),
        ("Body", step.body or ""),
        ("On", str(step.date)),
    )
    event = Event(
        kind=EventKind.STAGE_CHANGED,
        subject=subject,
        occurrence=f"{step.date} {stage.value}",
        about=with_texts(about_mentions(mentions), [matter.title, matter.file, step.action, step.outcome, step.body]),
        told=Told(
            title=f"{stage.label}: {matter.title}",
            place=places_of(mentions),
            facts=tuple((name, value) for name, value in facts if value),
            path=f"/matters/{matter.id}",
            source=matter.url,
        ),
        is_reviewed=any(one.is_reviewed for one in heard),
    )
    tell(session, event, at=at)
