"""Whether what a person typed is an address that we can write to."""

from email_validator import EmailNotValidError, validate_email

from oversight.errors import InvalidInput


def mail_address(text: str) -> str:
    """The address as every mail server writes it, in lower case; raises InvalidInput."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidInput(f"This is not an e-mail address we can write to: {error}") from error
    return str(checked.ascii_email).lower()
