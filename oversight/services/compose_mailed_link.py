"""The words of mails that hold a single link: to confirm, to manage, to see what was switched off."""

from oversight.domain.message import Message
from oversight.domain.subscription import Purpose
from oversight.services.imprint import Imprint

SUBJECTS = {
    Purpose.CONFIRM: "Please confirm: alerts from Oversight",
    Purpose.MANAGE: "Your link to what you follow at Oversight",
    Purpose.SWITCHED_OFF: "A webhook of yours was switched off",
}
WORDS = {
    Purpose.CONFIRM: """\
Someone, probably you, asked Oversight to write to this address when
something happens that you want to follow.

If that was you, open this page and press the button:

{base_url}/subscriptions/confirm/{token}

The link works once, for 48 hours. If it was not you, do nothing: without
the button nothing more will be sent, and the address is forgotten after
seven days.
""",
    Purpose.MANAGE: """\
Someone, probably you, asked for the page where you see what you follow at
Oversight and what we sent you, change it, pause it, stop it, or have all
of it erased:

{base_url}/manage/{token}

The link works for 24 hours. Whoever has it can do all of that, so do not
pass it on. If you did not ask for it, do nothing.
""",
    Purpose.SWITCHED_OFF: """\
A webhook or chat room to which Oversight told what you follow was switched
off, because it answered with errors only. Here you see why, can test it,
and switch it on again:

{base_url}/manage/{token}

The link works for 24 hours; you can ask for another on the same site.
Whoever has it can change what you follow, so do not pass it on.
""",
}


def link_message(purpose: Purpose, token: str, *, key: str, imprint: Imprint) -> Message:
    """A mail that repeats nothing that was typed into a form: whoever gets it may not have typed it."""
    text = WORDS[purpose].format(base_url=imprint.base_url, token=token)
    if imprint.postal_address:
        text += f"\n-- \n{imprint.postal_address}\n"
    headers = (("X-Mail-Kind", "link"), ("X-Alert-Key", key))
    return Message(key=key, subject=SUBJECTS[purpose], text=text, headers=headers)
