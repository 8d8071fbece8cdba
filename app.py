"""The product as a whole: settings, the web application, the commands."""

from oversight.cli import register_commands
from oversight.settings import Settings
from oversight.web import create_app

settings = Settings.from_environment()
app = create_app(settings)
register_commands(app, settings)
