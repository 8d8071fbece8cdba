"""Tells what polls brought about what is to come, in the transaction that writes it; each thing once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.services.events_of_agendas import tell_revisions, tell_sightings
from oversight.services.events_of_matters import tell_outcomes, tell_steps
from oversight.services.events_of_meetings import tell_changed_meetings
from oversight.services.events_of_mentions import tell_unreviewed
from oversight.services.save_readings import Brought
from oversight.services.visit import Visit


def tell_polls(session: Session, visits: Sequence[Visit], brought: Brought, *, at: datetime) -> None:
    """Raise the events of what these polls wrote: new mentions first, so that nothing else says the same again.

    The first poll of a feed is silent: all that it finds was there before anybody looked (SAFETY C7).
    """
    moments = {visit.row.id: visit.started_at for visit in visits if visit.examined and visit.row.first_ok_at}
    if not moments:
        return
    session.flush()
    told = tell_unreviewed(session, [one for feed in moments for one in brought.sure.get(feed, ())], at=at)
    told |= tell_sightings(session, moments, at=at)
    tell_revisions(session, moments, told=told, at=at)
    tell_changed_meetings(session, moments, at=at)
    tell_outcomes(session, brought.outcomes, at=at)
    tell_steps(session, brought.steps, at=at)
