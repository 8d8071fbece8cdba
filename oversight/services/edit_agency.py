"""An editor's change of an agency: each deployment that names it says so, in a revision of its own."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.services.check_entry import in_form
from oversight.services.edit import Edit, EditConflict, InvalidEdit, save_edit, version_of
from oversight.storage.models import RevisionRow
from oversight.storage.record import deployments_of_agency


def save_agency(session: Session, edit: Edit, *, now: datetime) -> list[RevisionRow]:
    """Change the agency that a deployment names in all deployments that name it, or in none.

    `edit` is of one of them, its values are the agency's; where the place has an agency of the new name, the two become
    one. Raises InvalidEdit, NotFound, or EditConflict where the deployment names its agency otherwise by now.
    """
    base = version_of(session, edit.noun, edit.key, edit.version).after
    newest = version_of(session, edit.noun, edit.key).after
    place, before = base.get("jurisdiction_key"), base.get("agency")
    if not before or (newest.get("jurisdiction_key"), newest.get("agency")) != (place, before):
        raise EditConflict("somebody else changed the agency meanwhile")
    keys = deployments_of_agency(session, str(place), [before["name"], edit.values["name"] or ""])
    others = [version_of(session, edit.noun, key) for key in keys]
    changed = [row for row in others if row.after["agency"] != edit.values]
    if not changed:
        raise InvalidEdit([((), "Nothing was changed, so there is nothing to save.")])
    return [save_edit(session, _of(row, edit), now=now) for row in changed]


def _of(row: RevisionRow, edit: Edit) -> Edit:
    values = in_form(edit.noun, row.after) | {"agency": edit.values}
    return replace(edit, key=row.entity_key, version=row.version, values=values)
