"""The web application: pages for everyone, the review queue for editors. It never polls and never starts a clock."""

from flask import Flask

from oversight.services.calm import calm_garbage_collection
from oversight.services.evaluate import PUBLISHED
from oversight.settings import Settings
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places
from oversight.web import (
    about,
    actions,
    add,
    agencies,
    alert_me,
    as_of,
    asked,
    auth,
    bounces,
    calendar,
    carried,
    compare,
    compression,
    correction_desk,
    corrections,
    coverage,
    decisions,
    deliveries,
    deployments,
    design,
    edit,
    endpoints,
    errors,
    feeds,
    headers,
    history,
    jurisdictions,
    links,
    manage,
    matters,
    meetings,
    mentions,
    overview,
    parts,
    policies,
    presentation,
    private_feeds,
    proposals,
    reruns,
    review,
    subscribe,
    tables,
    tasks,
    technologies,
    twins,
    vendors,
)
from oversight.web.session import Wiring

RECORD = (
    overview,
    jurisdictions,
    policies,
    compare,
    deployments,
    actions,
    technologies,
    vendors,
    tables,
    history,
    links,
)
WATCH = (mentions, meetings, calendar, matters, feeds, coverage, about, design)
FOLLOW = (subscribe, manage, endpoints, private_feeds, bounces)
DESK = (review, tasks, decisions, reruns, deliveries, edit, add, agencies, proposals)
CORRECTIONS = (corrections, correction_desk, carried)
PAGES = (*RECORD, *WATCH, *FOLLOW, *DESK, *CORRECTIONS)
ONE_MEGABYTE = 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The application. Importing and creating it opens no connection; it needs a secret key to answer requests."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=ONE_MEGABYTE,
        MAX_FORM_PARTS=100,
        MAX_FORM_MEMORY_SIZE=ONE_MEGABYTE,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        ACCURACY=PUBLISHED,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["oversight"] = Wiring.open(settings)
    asked.init_app(app)
    headers.init_app(app, settings)
    auth.init_app(app, settings)
    errors.init_app(app)
    presentation.init_app(app, settings)
    parts.init_app(app)
    alert_me.init_app(app)
    as_of.init_app(app)
    twins.init_app(app)
    compression.init_app(app)
    for page in PAGES:
        app.register_blueprint(page.bp)
    app.before_request(be_calm)
    return app


def be_calm() -> None:
    """Before a process answers its first request: what all pages share is loaded, and left alone from then on."""
    load_vocabulary()
    load_places()
    calm_garbage_collection()
