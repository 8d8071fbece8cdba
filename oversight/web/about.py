"""About the product: how accurate the detector is, by the figures that were published."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from oversight.services.evaluate import published
from oversight.services.examine import the_detector
from oversight.web.auth import public
from oversight.web.presentation import technology_label, words

bp = Blueprint("about", __name__, url_prefix="/about")


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
