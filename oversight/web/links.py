"""The addresses of sources: what the looks at them found, for editors who look after archived copies."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.record import LinkState
from oversight.storage.queries.links import NOT_CHECKED, PAGE, LinkFilter, count_links, links
from oversight.web.asked import asked_cursor, asked_word
from oversight.web.auth import requires
from oversight.web.session import reading

bp = Blueprint("links", __name__, url_prefix="/links")


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """Sources with a dead address, or in another state."""
    wanted = asked_links()
    with reading() as session:
        lines = links(session, wanted)
        counts = count_links(session)
    states = [(one.value, one.label) for one in LinkState] + [(NOT_CHECKED, "Link not checked")]
    older = lines[-1].id if len(lines) == PAGE else None
    return render_template("links.html", lines=lines, counts=counts, wanted=wanted, states=states, further=older)


def asked_links() -> LinkFilter:
    """What the address narrows the list to; by itself it asks for what is dead."""
    state = asked_word("state", (NOT_CHECKED, *LinkState), default=LinkState.DEAD.value)
    after = asked_cursor("after") or 0
    return LinkFilter(state=state, unarchived=request.args.get("unarchived") == "1", after=after)
