"""The versions of the API and their dates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime


@dataclass(frozen=True)
class Version:
    """A published version; a deprecated one may be switched off after its sunset."""

    number: int
    released: date
    deprecated: date | None = None
    sunset: date | None = None

    @property
    def end(self) -> dict[str, str]:
        """The headers that tell of its end (RFC 9745, RFC 8594)."""
        headers = {}
        if self.deprecated:
            headers["Deprecation"] = f"@{int(midnight(self.deprecated).timestamp())}"
        if self.sunset:
            headers["Sunset"] = format_datetime(midnight(self.sunset), usegmt=True)
        return headers


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


VERSIONS = [
    Version(
        1,
        released=date(2025, 1, 1),
        deprecated=date(2026, 7, 1),
        sunset=date(2027, 7, 1),
    ),
    Version(2, released=date(2026, 7, 1)),
]
BY_NAME = {str(version.number): version for version in VERSIONS}
LATEST = VERSIONS[-1].number
