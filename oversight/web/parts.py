"""The design system: every macro in `templates/parts/`, found by folder, under one name that all templates know."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

FOLDER = "parts"
MACRO = re.compile(r"{%-? *macro +([a-z]\w*)\(")


class Parts:
    """`parts.posture(stance)` is the macro `posture` of whichever file of the folder holds it."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The template that each macro is in; a name that two of them claim is an error."""
        folder = Path(self._app.root_path) / str(self._app.template_folder) / FOLDER
        found = [
            (name, f"{FOLDER}/{file.name}")
            for file in sorted(folder.glob("*.html"))
            for name in MACRO.findall(file.read_text("utf-8"))
        ]
        twice = [name for name, count in Counter(name for name, _ in found).items() if count > 1]
        if twice:
            raise ValueError(f"more than one macro is called {', '.join(twice)}")
        return dict(found)

    def __getattr__(self, name: str) -> Any:
        """The macro; AttributeError where there is none, which a template reports as undefined."""
        home = self.homes.get(name) if not name.startswith("_") else None
        if home is None:
            raise AttributeError(name)
        return getattr(self._app.jinja_env.get_template(home).module, name)


def init_app(app: Flask) -> None:
    """Let every template, those of the folder too, call every part."""
    app.jinja_env.globals["parts"] = Parts(app)
