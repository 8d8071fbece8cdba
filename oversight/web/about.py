"""About the product: how it comes to know, what it does not know, and how accurate its detector is."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.posture import MEANINGS, STRENGTH
from oversight.domain.record import Posture
from oversight.services.coverage import whole_coverage
from oversight.services.evaluate import published
from oversight.services.examine import the_detector
from oversight.storage.queries.assurance import assurance
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.jurisdictions import stances
from oversight.storage.queries.links import NOT_CHECKED, count_links
from oversight.vocabulary.labels import words
from oversight.web.auth import public
from oversight.web.overview import TECHNOLOGY
from oversight.web.presentation import technology_label
from oversight.web.session import now, reading

bp = Blueprint("about", __name__, url_prefix="/about")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """The method in plain words, with what is not known as counts of today."""
    today = now().date()
    with reading() as session:
        known = stances(session, technology=TECHNOLOGY, as_of=today)
        found, links = assurance(session), count_links(session)
        coverage = whole_coverage(session, feed_lines(session, now=now()))
    silent = sum(stance.posture is Posture.NOT_RESEARCHED for _, stance in known)
    return render_template(
        "about.html",
        postures=[(posture, MEANINGS[posture]) for posture in sorted(Posture, key=STRENGTH.__getitem__, reverse=True)],
        assurance=found,
        coverage=coverage,
        links=sum(links.values()),
        unseen_links=links[NOT_CHECKED],
        technology=TECHNOLOGY,
        silent=silent,
        places=len(known),
    )


@bp.get("/accuracy")
@public
def accuracy() -> ResponseReturnValue:
    """The published figures, what they mean and what they do not."""
    figures = published(current_app.config["ACCURACY"])
    tables = tables_of(figures) if figures else {}
    return render_template("accuracy.html", figures=figures, tables=tables, detector=the_detector().version)


def tables_of(figures: Mapping[str, Any]) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """The rows of each table; a class that nobody labelled has none."""
    classes = ("technologies", "vendors", "jurisdictions", "badges", "modes")
    return {
        "scores": [(f"{float(score):.2f}", rate) for score, rate in figures["by_threshold"].items()],
        "labels": [(words(name), figures[name]) for name in classes if figures.get(name)],
        "technologies": sorted((technology_label(code), rate) for code, rate in figures["each_technology"].items()),
        "kinds": [(words(kind), rate) for kind, rate in figures["by_kind"].items()],
    }
