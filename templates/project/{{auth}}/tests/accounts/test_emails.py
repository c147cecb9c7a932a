"""Addresses in their one form."""

from unittest.mock import Mock

import pytest

from app.accounts.emails import account_name, normal_email

LONG = "a" + "\u0301\u0316" * 127 + "@example.com"


def test_folded() -> None:
    assert normal_email("\uff21da@Example.COM") == "ada@example.com"
    assert account_name("\uff21da@Example.COM") == "ada@example.com"


def test_long_text_is_refused_before_it_is_normalised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unread = Mock(normalize=Mock(side_effect=AssertionError))
    monkeypatch.setattr("app.accounts.emails.unicodedata", unread)

    with pytest.raises(ValueError, match="not an e-mail address"):
        normal_email(LONG)
    assert account_name(LONG) == LONG
