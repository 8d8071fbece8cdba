"""python -m bench.chaos_worker URL PORT WORK MINUTE...: passes of our sender at these minutes of a clock of its own.

WORK is `deliver`, or `fan-out`: tell everybody of the first mention.
"""

import sys
from dataclasses import replace
from datetime import timedelta

from bench.mail import NOW
from bench.mail_ours import settings_to
from oversight.jobs.tools import Tools
from oversight.services.deliver import deliver
from oversight.services.tell import tell_mention


def main() -> None:
    """Do the work once for each minute, in order."""
    url, port, work, *minutes = sys.argv[1:]
    tools = Tools.open(settings_to(int(port), url))
    for minute in minutes:
        tools.settings = replace(tools.settings, test_now=NOW + timedelta(minutes=float(minute)))
        if work == "deliver":
            deliver(tools.courier())
        else:
            with tools.sessions.begin() as session:
                tell_mention(session, 1, at=tools.settings.now())


if __name__ == "__main__":
    main()
