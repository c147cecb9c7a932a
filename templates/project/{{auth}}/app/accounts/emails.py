"""E-mail addresses in the one form in which they are compared and stored."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator

# RFC 5321, 4.5.3.1.3: a path has 256 octets, two of them angle brackets.
MAX_LENGTH = 254


def normal_email(address: str) -> str:
    """Return the address as NFKC in lower case, its local part ASCII.

    Raises:
        ValueError: it isn't an address, or its local part isn't ASCII.
    """
    # To normalise takes time that grows with the square of a text's length.
    if len(address) > MAX_LENGTH:
        raise ValueError("not an e-mail address")
    folded = unicodedata.normalize("NFKC", address).lower()
    try:
        valid = validate_email(folded, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError("not an e-mail address") from error
    return valid.normalized


Email = Annotated[str, AfterValidator(normal_email)]


def account_name(typed: str) -> str:
    """Return the form of an address under which its failed logins are counted."""
    try:
        return normal_email(typed)
    except ValueError:
        return typed
