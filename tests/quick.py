"""What is the same for all applications of a worker, made once for all of them: thousands of tests make their own."""

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}  # what the product takes for a hash is slow on purpose


class SharedTemplates(BytecodeCache):
    """Compiles each template once for all applications of this worker; compiling is most of a first request."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = SharedTemplates()
COMPILED: dict[tuple[object, ...], dict[str, object]] = {}


class SharedRule(Rule):
    """A rule of addresses that is compiled once for all applications of this worker: two thirds of making one."""

    def compile(self) -> None:
        """Take over what compiling the same rule of another application set."""
        key = (self.rule, self.host, self.subdomain, str(self.defaults), self.merge_slashes)
        if key not in COMPILED:
            before = dict(vars(self))
            super().compile()
            made = {name: value for name, value in vars(self).items() if before.get(name) is not value}
            COMPILED[key] = made | {"arguments": self.arguments}
        vars(self).update(COMPILED[key])


Flask.url_rule_class = SharedRule


def quick(app: Flask) -> Flask:
    """The application with what others of this worker have compiled, and hashes that cost no time."""
    app.jinja_env.bytecode_cache = TEMPLATES
    app.extensions["security"].pwd_context.update(**{f"argon2__{name}": cost for name, cost in CHEAP.items()})
    return app


class SharedStatements(LRUCache):
    """Compiled SQL for all engines of a kind: each test opens its own, and compiling was a fifth of its time."""

    def get(self, key, default=None):
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key, value) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


STATEMENTS = SharedStatements(capacity=3000)


def share_statements(connection: Connection) -> None:
    """For `engine_connect` of every engine: compile no statement twice."""
    connection.execution_options(compiled_cache=STATEMENTS)
