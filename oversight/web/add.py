"""Adding to the record: the same form as for an edit, of something that is not there yet; its key is made here."""

from secrets import token_hex

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from oversight.domain.account import Role
from oversight.domain.record_key import MARK, OCD_ID, new_key
from oversight.errors import InvalidInput
from oversight.services.check_entry import ENTRIES, blank
from oversight.services.edit import NEW, Edit, EditConflict, InvalidEdit
from oversight.web.auth import requires
from oversight.web.edit import BUSY, keep_trying, what_it_rests_on
from oversight.web.edit_form import Look, names_in, render_form
from oversight.web.history import NOUNS
from oversight.web.record_fields import form_fields
from oversight.web.record_forms import Typed, faults_by_name, first, read_form, typed_of
from oversight.web.record_words import page_of

bp = Blueprint("add", __name__, url_prefix="/edit/new")

FOUND_AGAIN_BY = {"jurisdiction": "ocd_id", "source": "url"}


@bp.get(f"/<any({NOUNS}):noun>")
@requires(Role.EDITOR)
def form(noun: str) -> ResponseReturnValue:
    """The empty form; the address may fill in fields by their names, such as the jurisdiction one comes from."""
    fields, values = form_fields(noun), blank(ENTRIES[noun])
    preset = {one.name: request.args.getlist(one.name) for one in fields if one.name in request.args}
    return render_form(noun, values, typed_of(fields, values) | preset | {"mark": [token_hex(4)]})


@bp.post(f"/<any({NOUNS}):noun>")
@requires(Role.EDITOR)
def save(noun: str) -> ResponseReturnValue:
    """Save it as the first version of something new, or show what is wrong beside what was typed."""
    typed, fields, values = dict(request.form.lists()), form_fields(noun), blank(ENTRIES[noun])
    if not MARK.fullmatch(first(typed, "mark")):
        raise InvalidInput("The form is not whole. Open it again.")
    if "more" in typed:
        return render_form(noun, values, typed)
    said = read_form(fields, typed, values)
    if noun == "jurisdiction" and (told := said.values["ocd_id"]) and not OCD_ID.fullmatch(told):
        said.faults.append(
            (("ocd_id",), "Write it as ocd-division/country:us/state:wa/place:seattle, or leave it empty.")
        )
    key = new_key(noun, said.values, first(typed, "mark"))
    edit = Edit(noun=noun, key=key, version=NEW, values=said.values, **what_it_rests_on(typed))
    try:
        saved = keep_trying(edit, said.faults, is_trial="look" in typed)
    except InvalidEdit as error:
        faults = faults_by_name(error.faults, names_in(fields), said.rows)
        return render_form(noun, values, typed, faults=faults), 422
    except EditConflict:
        return there_already(noun, key, typed)
    except OperationalError:
        return render_form(noun, values, typed, faults=BUSY), 503, {"Retry-After": "5"}
    if "look" in typed:
        return render_form(noun, values, typed, beside=Look(saved.after))
    flash(f"Added to the record as {key}.")
    return redirect(page_of(noun, key) or url_for("history.show", noun=noun, record_key=key))


def there_already(noun: str, key: str, typed: Typed) -> ResponseReturnValue:
    """What is found again by its id or address is refused; a form that was sent twice leads to what it made."""
    if noun in FOUND_AGAIN_BY:
        faults = {FOUND_AGAIN_BY[noun]: "The record has this already."}
        return render_form(noun, blank(ENTRIES[noun]), typed, faults=faults), 422
    flash("This form was saved already.")
    return redirect(url_for("history.show", noun=noun, record_key=key))
