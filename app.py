"""The product as a whole: settings, the web application, the commands."""

import sys

from oversight.cli import register_commands
from oversight.errors import ConfigurationError
from oversight.settings import Settings
from oversight.web import create_app

try:
    settings = Settings.from_environment()
    app = create_app(settings)
except ConfigurationError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(2)
register_commands(app, settings)
