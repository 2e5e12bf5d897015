"""Plain English for numbers, days and lists, as sentences need them."""

from __future__ import annotations

from collections.abc import Sequence

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def capital(words: str) -> str:
    """Return the words with their first letter as a capital."""
    return words[:1].upper() + words[1:]


def day_in_words(day: str) -> str:
    """Return ``2026-10-05`` as 5 October 2026, and any other text as it is."""
    year, _, rest = day.partition("-")
    month, _, date = rest.partition("-")
    if not (month.isdecimal() and date.isdecimal() and 0 < int(month) <= len(MONTHS)):
        return day
    return f"{int(date)} {MONTHS[int(month) - 1]} {year}"


def number_word(number: int) -> str:
    """Return a number in words if it is below ten, else in figures."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``one commitment``, ``11 commitments``."""
    return f"{number_word(number)} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
