"""What is known of names in any language, as data: legal forms, newspapers, authorities, countries and cities."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..normalization import fold


@dataclass(frozen=True)
class Gazetteer:
    """The lists of `gazetteer.toml`, compiled."""

    legal: frozenset[str]
    common: frozenset[str]
    given: frozenset[str]
    bodies: frozenset[str]
    institution: re.Pattern[str]
    media: re.Pattern[str]
    media_head: re.Pattern[str]
    authority: re.Pattern[str]
    link: re.Pattern[str]
    descriptors: frozenset[str]
    groups: frozenset[str]
    cities: frozenset[str]


@cache
def gazetteer() -> Gazetteer:
    """Return what is known of names in any language."""
    tables = tomllib.loads((files(__package__) / "gazetteer.toml").read_text(encoding="utf-8"))
    return Gazetteer(
        legal=frozenset(tables["legal"].split()),
        common=frozenset(tables["common"].split()),
        given=frozenset(tables["given"].split()),
        bodies=frozenset(tables["bodies"].split()),
        institution=_words(tables["institutions"]),
        media=_words(tables["media"]),
        media_head=re.compile(f"(?:{'|'.join(tables['media_heads'])})$"),
        authority=_words(tables["authorities"]),
        link=re.compile("|".join(tables["links"])),
        descriptors=frozenset(tables["descriptors"]),
        groups=frozenset(tables["groups"]),
        cities=frozenset(fold(name) for name in tables["cities"]),
    )


@cache
def places(language: str) -> frozenset[str]:
    """Return the folded names of countries, continents and large cities, in a language and in English."""
    from babel import Locale, UnknownLocaleError

    found = set(gazetteer().cities)
    for tag in ("en", language):
        try:
            locale = Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
        found.update(fold(name) for name in locale.territories.values())
        found.update(fold(zone["city"]) for zone in locale.time_zones.values() if "city" in zone)
    return frozenset(found)


def _words(entries: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)")
