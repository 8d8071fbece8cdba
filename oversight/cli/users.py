"""`flask users`: who may log in."""

from collections.abc import Callable

import click

from oversight.cli.failing import plain_failures
from oversight.domain.account import Role
from oversight.jobs.tools import Tools
from oversight.services.accounts import create_user, disable_user, enable_user
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.schema import require_current, upgrade
from oversight.storage.users import all_users


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("users")
    def group() -> None:
        """Accounts."""

    @group.command()
    @click.argument("email")
    @click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.EDITOR.value)
    @click.password_option(help="asked for if it is not given")
    def create(email: str, role: str, password: str) -> None:
        """Create an account."""
        tools = Tools.open(settings)
        with plain_failures():
            upgrade(tools.engine)
            with tools.sessions.begin() as session:
                create_user(session, email, password, role=Role(role), now=settings.now())
        click.echo(f"{email} can log in as {role}")

    @group.command("list")
    def list_users() -> None:
        """Print every account with its roles."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with reading(tools.sessions) as session:
                users = all_users(session)
            for user in users:
                words = [role.name for role in user.roles] + ([] if user.active else ["disabled"])
                click.echo(f"{user.email:<40} {', '.join(words)}")

    @group.command()
    @click.argument("email")
    def disable(email: str) -> None:
        """Close an account and end all its sessions at once; its name stays in the history."""
        change(settings, disable_user, email)
        click.echo(f"{email} cannot log in any more, and is logged out everywhere")

    @group.command()
    @click.argument("email")
    def enable(email: str) -> None:
        """Open an account again."""
        change(settings, enable_user, email)
        click.echo(f"{email} can log in again")

    return group


def change(settings: Settings, act: Callable[..., None], email: str) -> None:
    """Do something to one account."""
    tools = Tools.open(settings)
    with plain_failures():
        require_current(tools.engine)
        with tools.sessions.begin() as session:
            act(session, email, now=settings.now())
