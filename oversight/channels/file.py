"""The file outbox: each mail becomes one .eml file in a folder. `OVERSIGHT_MAIL=file:` or `file:/some/folder`."""

import os
from pathlib import Path

from oversight.channels import register
from oversight.channels.mime import whole_mail
from oversight.domain.message import Message
from oversight.errors import DeliveryError
from oversight.settings import Settings


@register("file")
class FileChannel:
    """Writes whole files only; a retry of the same message replaces its file, so there is never a second copy."""

    def __init__(self, settings: Settings) -> None:
        named = settings.mail.partition(":")[2]
        self._settings = settings
        self.folder = Path(named) if named else settings.instance / "outbox"

    def send(self, address: str, message: Message) -> None:
        mail = whole_mail(message, sender=self._settings.mail_from, address=address, now=self._settings.now())
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self.folder / f".{message.key}.part"
            with part.open("wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / f"{message.key}.eml")
        except OSError as error:
            raise DeliveryError(f"cannot write to the outbox: {error}", permanent=False) from error

    def close(self) -> None:
        """Nothing is kept open."""
