"""What the forms behind a mailed link share: whose link it is, buttons that change what is theirs, and the way back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.errors import InvalidInput, NotFound
from oversight.services import manage
from oversight.storage.models import SubscriberRow
from oversight.web.session import now, transaction

PRESSED = "<row:row_id>/<button>"
GONE = "This link is older than a day, or not complete. Ask for a new one."
Row = TypeVar("Row")


@dataclass(frozen=True)
class Buttons(Generic[Row]):
    """The buttons of each row of one kind: `find` gives a row of a link's owner by its id, or raises NotFound, and
    `acts` has for each button what it does to the row and says then.
    """

    find: Callable[[Session, int, int], Row]
    acts: Mapping[str, Callable[[Session, Row], str]]

    def press(self, token: str, row_id: int, button: str, *, place: str) -> ResponseReturnValue:
        """Change one row of the link's owner, and lead back to its place on the page."""
        if button not in self.acts:
            raise NotFound("There is no such button.")
        with transaction() as session:
            said = self.acts[button](session, self.find(session, owner(session, token).id, row_id))
        return back(token, said, place=place)


def owner(session: Session, token: str) -> SubscriberRow:
    """Whose link it is; raises NotFound, in the same words whatever is wrong with it."""
    person = manage.find_manager(session, token, now=now())
    if person is None:
        raise NotFound(GONE)
    return person


def chosen(name: str, options: Iterable[tuple[str, str]]) -> str:
    """What was chosen of a list; raises InvalidInput for anything else."""
    value = request.form.get(name, "")
    if value not in dict(options):
        raise InvalidInput("Choose one of the list.")
    return value


def back(token: str, said: str, *, place: str | None = None) -> ResponseReturnValue:
    """To the page, which says what was done."""
    flash(said)
    return redirect(url_for("manage.show", token=token, _anchor=place), code=303)
