"""Runs migrations on the connection that storage/migrating.py opened."""

from alembic import context

from oversight.storage.engine import UtcDateTime
from oversight.storage.models import Base


def render_item(kind, thing, _context):
    """A migration stands by itself: it names SQLAlchemy's types, not the product's of that day."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
