"""Everything that a query can call by name."""

from sqlalchemy.orm import Session

from oversight.domain.query_names import Names
from oversight.storage.queries.centres import centres
from oversight.storage.queries.jurisdictions import names_by_key
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places


def known_names(session: Session) -> Names:
    """The vocabulary, the table of places, and the record's jurisdictions with where they lie."""
    return Names(load_vocabulary().technology_labels, load_places(), names_by_key(session), centres(session))
