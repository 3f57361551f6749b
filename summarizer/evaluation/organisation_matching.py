"""Match the names of organisations: one key for an organisation, whichever of its names is used."""

from collections.abc import Iterable

from ..language.entities.names import aliases_of, core
from ..language.normalization import fold
from ..language.statuses import has_unspaced

_SHORTEST = 3  # characters of a short name that may stand for a longer one


class OrganisationMatcher:
    """The organisations of one article.

    Two names match where they differ by legal form, grammatical article or an acronym that the article introduces, or
    where one is contained in exactly one other. Names that are added first take precedence: those of the gold.
    """

    def __init__(self, text: str, names: Iterable[str], aliases: Iterable[Iterable[str]] = ()) -> None:
        self._text = fold(text)
        self._names = sorted({fold(name).strip() for name in names}, key=lambda name: (-len(name), name))
        self._key: dict[str, str] = {}
        self._forms: dict[str, set[str]] = {}
        for group in aliases:
            folded = [fold(name).strip() for name in group]
            self._forms.setdefault(folded[0], set())
            self._key |= dict.fromkeys(folded, folded[0])
        for name in self._names:
            self.key(name)

    def key(self, name: str) -> str:
        """Return the key of an organisation, by any of its names."""
        folded = fold(name).strip()
        if folded not in self._key:
            self._key[folded] = self._find(folded)
        return self._key[folded]

    def keys(self, parties: Iterable[str]) -> frozenset[str]:
        """Return the keys of several organisations."""
        return frozenset(map(self.key, parties))

    def _find(self, folded: str) -> str:
        forms = set(aliases_of(folded, self._text, lambda _: self._names))
        for known, known_forms in self._forms.items():
            if core(known) == core(folded) or forms & known_forms:
                known_forms |= forms
                return known
        containing = [known for known in self._forms if _contains(core(known), core(folded))]
        if len(containing) == 1:
            return containing[0]
        self._forms[folded] = forms
        return folded


def _contains(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    if len(short) < _SHORTEST:
        return False
    return short in long if has_unspaced(short) else f" {short} " in f" {long} "
