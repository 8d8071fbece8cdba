"""python -m bench.mail_django PORT TEXT HTML N: N mails as Django sends them by itself; prints the seconds."""

import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


def main() -> None:
    """Wait for a line on standard input, then send."""
    port, text, html, count = sys.argv[1:]
    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(port), DEFAULT_CHARSET="utf-8", USE_TZ=True)
    body, page = Path(text).read_text("utf-8"), Path(html).read_text("utf-8")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.perf_counter()
    for number in range(int(count)):
        mail = EmailMultiAlternatives(f"Something happened {number}", body, "a@example.org", [f"{number}@example.org"])
        mail.attach_alternative(page, "text/html")
        mail.send()
    sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main()
