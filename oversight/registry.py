"""Plug-ins found by folder: a module that registers a name is all there is to add."""

import importlib
import pkgutil
from collections.abc import Callable
from threading import RLock
from types import ModuleType
from typing import Generic, TypeVar

from oversight.errors import ConfigurationError

Plugin = TypeVar("Plugin")


class Registry(Generic[Plugin]):
    """Names to plug-ins of one kind. The package's modules are imported at the first look-up, not before."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._plugins: dict[str, Plugin] = {}
        self._package: ModuleType | None = None
        self._is_loaded = False
        self._loading = RLock()

    def scan(self, package: ModuleType) -> None:
        """Name the package whose modules register themselves."""
        self._package, self._is_loaded = package, False

    def register(self, name: str) -> Callable[[Plugin], Plugin]:
        """Decorator that files the plug-in under `name`; a name taken twice is a programming error."""

        def keep(plugin: Plugin) -> Plugin:
            if name in self._plugins:
                raise ConfigurationError(f"two {self.kind}s are called {name!r}")
            self._plugins[name] = plugin
            return plugin

        return keep

    def get(self, name: str) -> Plugin:
        """The plug-in called `name`; raises ConfigurationError with the names that exist."""
        self._load()
        if name not in self._plugins:
            raise ConfigurationError(f"unknown {self.kind} {name!r}; known: {', '.join(sorted(self._plugins))}")
        return self._plugins[name]

    def names(self) -> list[str]:
        """Every registered name, sorted."""
        self._load()
        return sorted(self._plugins)

    def _load(self) -> None:
        if self._package is None or self._is_loaded:
            return
        with self._loading:  # one thread loads, the others wait until every plug-in is there
            for module in pkgutil.iter_modules(self._package.__path__, self._package.__name__ + "."):
                importlib.import_module(module.name)
            self._is_loaded = True
