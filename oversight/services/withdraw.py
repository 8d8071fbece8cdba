"""Takes a thing out of the record, with a reason: its history stays, and an editor can bring it back."""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.withdrawal import is_withdrawn, withdrawal
from oversight.services.edit import Edit, EditConflict, InvalidEdit, reason_faults, version_of
from oversight.services.tell_record import tell_revision
from oversight.storage.models import RevisionRow
from oversight.storage.revisions import Change, add_revision
from oversight.storage.withdrawals import naming, take_out

MOST_NAMED = 8


def withdraw(session: Session, edit: Edit, *, now: datetime) -> RevisionRow:
    """Take out what the edit names; raises InvalidEdit where something still names it, or EditConflict."""
    faults = reason_faults(edit.reason)
    newest = version_of(session, edit.noun, edit.key)
    if newest.version != edit.version:
        raise EditConflict("Somebody else saved a newer version meanwhile; look at it first, then decide again.")
    if is_withdrawn(newest.after):
        faults.append(((), "It is withdrawn already."))
    elif named := naming(session, edit.noun, edit.key):
        told = [f"{noun} {key}" for noun, key in named[:MOST_NAMED]]
        told += [f"{len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
        faults.append(((), f"The record still names it: {', '.join(told)}. Change or withdraw what names it first."))
    if faults:
        raise InvalidEdit(faults)
    reason = edit.reason.strip()[:REASON_LENGTH]
    after = withdrawal(edit.key, reason)
    edit.require_second(newest.after, after)
    change = Change(
        entity=edit.noun,
        key=edit.key,
        before=newest.after,
        after=after,
        actor=edit.actor,
        reason=reason,
        follows=edit.version,
    )
    revision = add_revision(session, change, at=now)
    session.flush()  # of two at once, the second stops here
    take_out(session, edit.noun, edit.key)
    tell_revision(session, revision, at=now)
    return revision
