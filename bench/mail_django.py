"""python -m bench.mail_django PORT TEXT HTML N: N mails as Django sends them by itself, for each line on standard
input; prints their seconds.
"""

import sys
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from bench.mail_ours import answer_lines


def main() -> None:
    """Send so many mails whenever asked to."""
    port, text, html, count = sys.argv[1:]
    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(port), DEFAULT_CHARSET="utf-8", USE_TZ=True)
    body, page = Path(text).read_text("utf-8"), Path(html).read_text("utf-8")

    def send() -> None:
        for number in range(int(count)):
            to = [f"{number}@example.org"]
            mail = EmailMultiAlternatives(f"Something happened {number}", body, "a@example.org", to)
            mail.attach_alternative(page, "text/html")
            mail.send()

    answer_lines(send)


if __name__ == "__main__":
    main()
