"""Write the next migration from the difference between the migrations so far and the models; review what it wrote.

usage: python scripts/new_migration.py "what it does"
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alembic import command
from alembic.config import Config

from oversight.storage.engine import open_engine
from oversight.storage.schema import MIGRATIONS, upgrade

versions = MIGRATIONS / "versions"
number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04d}"
with tempfile.TemporaryDirectory() as folder:
    engine = open_engine(f"sqlite:///{folder}/empty.sqlite3")
    upgrade(engine)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes["connection"] = connection
        command.revision(config, message=sys.argv[1], rev_id=number, autogenerate=True)
