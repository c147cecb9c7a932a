"""Amounts of money, exact on every database."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """An amount in hundredths of a currency."""

    cents: int
    currency: str

    @classmethod
    def of(cls, amount: str, currency: str) -> "Money":
        """Read an amount with up to two decimals: `9.9` is 990 cents."""
        whole, _, part = amount.partition(".")
        return cls(int(whole) * 100 + int(part.ljust(2, "0")), currency)

    @property
    def amount(self) -> str:
        """The amount with two decimals."""
        return f"{self.cents // 100}.{self.cents % 100:02}"
