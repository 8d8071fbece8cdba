"""The only reader of the environment: `OVERSIGHT_*` variables become one frozen value, passed down."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, cast

from oversight.errors import ConfigurationError

Mode = Literal["live", "demo", "test"]
Robots = Literal["documents", "all", "none"]

WEAK_SECRETS = {"secret", "change-me", "changeme", "dev", "development", "password"}
MINIMUM_SECRET_BYTES = 32
DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"), "a domain in ASCII, as in bounces.example.org"
WEB_ADDRESS = (
    re.compile(r"https?://([\w.-]+|\[[\da-f:.]+\])(:([1-5]?\d{1,4}|6[0-5]\d{3}))?(/[^\s?#\"<>]*)?", re.ASCII),
    "an address of the web, as in https://oversight.example.org",
)
MINIMUM_TOKEN = 20


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this process runs. Tests build it directly; only `from_environment` reads the environment."""

    instance: Path
    database_url: str
    secret_key: str | None
    base_url: str = "http://127.0.0.1:8000"
    feeds: Path = Path("feeds.toml")
    allow_hosts: frozenset[tuple[str, int]] = frozenset()
    host_gap_seconds: float = 2.0
    host_connections: int = 1
    feed_keys: Mapping[str, str] = field(default_factory=dict)
    robots: Robots = "documents"
    keep_documents: bool = False
    ocr: bool = False
    links_per_tick: int = 20
    two_persons: bool = False
    contact_url: str = "https://oversight.example/contact"
    mail: str = "file:"
    mail_from: str = "Oversight <alerts@oversight.example>"
    mail_per_minute: int = 600
    bounce_domain: str = ""
    postal_address: str = ""
    bounce_token: str = ""
    webhook_http: bool = False
    trusted_proxies: int = 0
    allowed_hostnames: frozenset[str] = frozenset()
    mode: Mode = "live"
    test_now: datetime | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check every variable; raises ConfigurationError naming all that are wrong."""
        read = _Reader(environ)
        instance = Path(read.text("INSTANCE", "instance")).absolute()
        settings = cls(
            instance=instance,
            database_url=_database_url(read.text("DATABASE_URL", f"sqlite:///{instance / 'oversight.sqlite3'}")),
            secret_key=read.secret(instance / "secret_key"),
            base_url=read.formed("BASE_URL", cls.base_url, *WEB_ADDRESS).rstrip("/"),
            feeds=Path(read.text("FEEDS", str(cls.feeds))).absolute(),
            allow_hosts=read.host_ports("ALLOW_HOSTS"),
            host_gap_seconds=read.number("HOST_GAP_SECONDS", cls.host_gap_seconds),
            host_connections=read.count("HOST_CONNECTIONS", cls.host_connections, least=1),
            feed_keys=read.pairs("FEED_KEYS"),
            robots=cast(Robots, read.choice("ROBOTS", cls.robots, ("documents", "all", "none"))),
            keep_documents=read.yes("KEEP_DOCUMENTS"),
            ocr=read.yes("OCR"),
            links_per_tick=read.count("LINKS_PER_TICK", cls.links_per_tick),
            two_persons=read.yes("TWO_PERSONS"),
            contact_url=read.text("CONTACT_URL", cls.contact_url),
            mail=read.text("MAIL", cls.mail),
            mail_from=read.sender("MAIL_FROM", cls.mail_from),
            mail_per_minute=read.count("MAIL_PER_MINUTE", cls.mail_per_minute),
            bounce_domain=read.formed("BOUNCE_DOMAIN", "", *DOMAIN),
            postal_address=read.text("POSTAL_ADDRESS", cls.postal_address),
            bounce_token=read.token("BOUNCE_TOKEN"),
            webhook_http=read.yes("WEBHOOK_HTTP"),
            trusted_proxies=read.count("TRUSTED_PROXIES", cls.trusted_proxies),
            allowed_hostnames=frozenset(read.listed("ALLOWED_HOSTNAMES")),
            mode=cast(Mode, read.choice("MODE", "live", ("live", "demo", "test"))),
            test_now=read.moment("TEST_NOW"),
        )
        if settings.test_now is not None and settings.mode == "live":
            read.faults.append("OVERSIGHT_TEST_NOW is refused unless OVERSIGHT_MODE is demo or test")
        if read.faults:
            raise ConfigurationError("\n".join(read.faults))
        return settings

    def for_child(self) -> dict[str, str]:
        """The environment of a child process that is to run with these settings."""
        own = {
            "INSTANCE": str(self.instance),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": self.secret_key or "",
            "BASE_URL": self.base_url,
            "FEEDS": str(self.feeds),
            "ALLOW_HOSTS": ",".join(f"{host}:{port}" for host, port in sorted(self.allow_hosts)),
            "HOST_GAP_SECONDS": str(self.host_gap_seconds),
            "HOST_CONNECTIONS": str(self.host_connections),
            "FEED_KEYS": ",".join(f"{name}={value}" for name, value in sorted(self.feed_keys.items())),
            "ROBOTS": self.robots,
            "KEEP_DOCUMENTS": "yes" if self.keep_documents else "no",
            "OCR": "yes" if self.ocr else "no",
            "LINKS_PER_TICK": str(self.links_per_tick),
            "TWO_PERSONS": "yes" if self.two_persons else "no",
            "CONTACT_URL": self.contact_url,
            "MAIL": self.mail,
            "MAIL_FROM": self.mail_from,
            "MAIL_PER_MINUTE": str(self.mail_per_minute),
            "BOUNCE_DOMAIN": self.bounce_domain,
            "POSTAL_ADDRESS": self.postal_address,
            "BOUNCE_TOKEN": self.bounce_token,
            "WEBHOOK_HTTP": "yes" if self.webhook_http else "no",
            "TRUSTED_PROXIES": str(self.trusted_proxies),
            "ALLOWED_HOSTNAMES": ",".join(sorted(self.allowed_hostnames)),
            "MODE": self.mode,
            "TEST_NOW": self.test_now.isoformat() if self.test_now else "",
        }
        return {**os.environ, **{f"OVERSIGHT_{name}": value for name, value in own.items()}}

    def now(self) -> datetime:
        """The present moment in UTC, or the fixed moment of the demo and the tests."""
        return self.test_now or datetime.now(UTC)

    def required_secret_key(self) -> str:
        """The secret key; raises ConfigurationError where none is set (SAFETY I6)."""
        if self.secret_key is None:
            raise ConfigurationError(
                "no secret key: set OVERSIGHT_SECRET_KEY to at least 32 random bytes, "
                "or start with `flask up`, which keeps one in the instance folder"
            )
        return self.secret_key


class _Reader:
    """Collects the faults of all variables, so that they are reported at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._environ.get(f"OVERSIGHT_{name}", "").strip() or default

    def sender(self, name: str, default: str) -> str:
        text = self.text(name, default)
        local, _, domain = parseaddr(text)[1].rpartition("@")
        if not (local and domain and text.isascii()):
            self.faults.append(f"OVERSIGHT_{name}={text!r} is not an e-mail address in ASCII, as in Name <name@host>")
        return text

    def formed(self, name: str, default: str, form: re.Pattern[str], said: str) -> str:
        text = self.text(name, default)
        if text and not form.fullmatch(text):
            self.faults.append(f"OVERSIGHT_{name}={text!r} is not {said}")
        return text

    def token(self, name: str) -> str:
        text = self.text(name, "")
        if text and (len(text) < MINIMUM_TOKEN or not text.isascii()):
            self.faults.append(f"OVERSIGHT_{name} is shorter than {MINIMUM_TOKEN} characters of ASCII")
        return text

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name, "").split(",") if part.strip()]

    def number(self, name: str, default: float, *, least: float = 0) -> float:
        text = self.text(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not least <= value < 1e9:
            self.faults.append(f"OVERSIGHT_{name}={text!r} is not a number of at least {least:g}")
            return default
        return value

    def count(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.number(name, default, least=least)
        if value % 1:
            self.faults.append(f"OVERSIGHT_{name}={value:g} is not a whole number")
        return int(value)

    def host_ports(self, name: str) -> frozenset[tuple[str, int]]:
        pairs = set()
        for part in self.listed(name):
            host, _, port = part.rpartition(":")
            if host and port.isdecimal():
                pairs.add((host.strip("[]").lower(), int(port)))
            else:
                self.faults.append(f"OVERSIGHT_{name}: {part!r} is not host:port")
        return frozenset(pairs)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text = self.text(name, default)
        if text not in choices:
            self.faults.append(f"OVERSIGHT_{name}={text!r} is not {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    def yes(self, name: str) -> bool:
        return self.choice(name, "no", ("yes", "no")) == "yes"

    def pairs(self, name: str) -> dict[str, str]:
        found = {}
        for part in self.listed(name):
            key, _, value = part.partition("=")
            if key.isupper() and value:
                found[key] = value
            else:
                self.faults.append(f"OVERSIGHT_{name}: write NAME=value, separated by commas")
        return found

    def moment(self, name: str) -> datetime | None:
        text = self.text(name, "")
        if not text:
            return None
        try:
            value = datetime.fromisoformat(text)
            return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            self.faults.append(f"OVERSIGHT_{name}={text!r} is not an ISO 8601 date and time")
            return None

    def secret(self, file: Path) -> str | None:
        text = self.text("SECRET_KEY", "") or (file.read_text().strip() if file.is_file() else "")
        if not text:
            return None
        if text.lower() in WEAK_SECRETS or len(text.encode()) < MINIMUM_SECRET_BYTES:
            self.faults.append(f"OVERSIGHT_SECRET_KEY is a default or shorter than {MINIMUM_SECRET_BYTES} bytes")
        return text


def fault_point(name: str) -> None:
    """End this process as a crash would where FAULT_POINT names this place: a hook for tests (SAFETY G10)."""
    if os.environ.get("FAULT_POINT") == name:
        os._exit(137)


def _database_url(url: str) -> str:
    return re.sub(r"\Apostgres(ql)?://", "postgresql+psycopg://", url)
