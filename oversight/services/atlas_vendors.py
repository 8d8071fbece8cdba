"""Companies by any name that a table may give them: the record's own names first, then the vocabulary's."""

import re
from collections.abc import Iterable, Iterator

from oversight.domain.atlas_words import bare_vendor
from oversight.services.record_entries import VendorEntry
from oversight.vocabulary import Vendor, Vocabulary, expand_all


class VendorNames:
    """Finds the name under which the record keeps, or would keep, a company."""

    def __init__(self, recorded: Iterable[VendorEntry], vocabulary: Vocabulary) -> None:
        self.entries = {entry.key: entry for entry in recorded}
        self._recorded = {
            bare_vendor(name): entry.name for entry in self.entries.values() for name in (*entry.aliases, entry.name)
        }
        self._known: dict[str, str | None] = {}
        for vendor in vocabulary.vendors.values():
            for name in names_of(vendor):  # a name that two companies share says neither
                self._known[name] = vendor.name if self._known.get(name, vendor.name) == vendor.name else None
        self._known |= {bare_vendor(name): name for name in vocabulary.vendors}

    def resolve(self, written: str | None) -> str | None:
        """The company's name in the record; what was written where it is none that we know."""
        if not written:
            return None
        bare = bare_vendor(written)
        known = self._known.get(bare)
        return self._recorded.get(bare) or (known and self._recorded.get(bare_vendor(known), known)) or written

    def missing(self, name: str | None) -> str | None:
        """The key for a company that the vocabulary knows and the record does not hold; None for all others."""
        if not name or bare_vendor(name) in self._recorded or self._known.get(bare_vendor(name)) != name:
            return None
        key = "vendor-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        return None if key in self.entries else key

    def add(self, entry: VendorEntry) -> None:
        """Remember a company that the record now holds."""
        self.entries[entry.key] = entry
        self._recorded[bare_vendor(entry.name)] = entry.name


def names_of(vendor: Vendor) -> Iterator[str]:
    """Every name that a vendor's cell may hold, bare: where only a vendor can stand, ambiguous names are none."""
    phrases = expand_all(vendor.aliases)
    careful = (term for rule in vendor.careful for term in rule.terms if "{" not in term)
    products = (term for product in vendor.products for term in (product.name, *product.terms) if "{" not in term)
    return (bare_vendor(name) for name in (*phrases, *careful, *products))
