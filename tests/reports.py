"""Long reports that were never written: chapters of varied prose, with facts planted at known places.

Everything in them is invented, and the same seed always gives the same report. `Scripted` is a model that knows the
planted facts and nothing else: it answers with those whose words stand whole in the passage that it is really given.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from summarizer.chunking.splitting import spans
from summarizer.schema import Draft, DraftPartnership, DraftTakeaway, Effort, Passage, Takeaway

PAGE = 500
"""Words."""


class Fact(NamedTuple):
    """A partnership as one place of a report tells it."""

    parties: tuple[str, str]
    status: str
    sentence: str
    """What is planted, and quoted."""
    region: str | None = None
    date: str | None = None
    purpose: str | None = None
    lead: str = ""
    """A sentence before it that is not quoted."""


FACTS = (
    Fact(("Orvane", "Kestrel Rail"), "established", "Orvane signed a partnership agreement with Kestrel Rail in Denmark in March 2023."),
    Fact(("Mirabel Foods", "Tolvanen"), "in_talks", "Mirabel Foods is in talks with Tolvanen over a joint distribution network in Finland."),
    Fact(("Sundrift", "Halden Marine"), "ended", "The alliance between Sundrift and Halden Marine came to an end in June 2022."),
    Fact(("Peregrin Bank", "Lumora"), "established", "Peregrin Bank and Lumora have formed a joint venture for mobile payments in Kenya."),
    Fact(("Castellan", "Vireo Health"), "considered", "Castellan is considering a collaboration with Vireo Health on remote care in Portugal."),
    Fact(("Nordhavn Steel", "Ibex Minerals"), "abandoned", "Nordhavn Steel and Ibex Minerals abandoned their plans for a joint plant in Chile before anything was signed."),
    Fact(("Quillon", "Zephyrine"), "denied", "Quillon denied that there were any talks with Zephyrine about an alliance."),
    Fact(("Arkady Motors", "Belisar"), "established", "Under a licence agreement with Belisar, Arkady Motors builds electric vans in Slovakia."),
    Fact(("Tarn Water", "Glenrook"), "established", "Together with Glenrook, Tarn Water launched a joint research programme in Scotland in May 2024."),
    Fact(("Femaris", "Oakhollow"), "in_talks", "Femaris and Oakhollow are negotiating an alliance for the cruise market in Greece."),
    Fact(("Dalmore Textiles", "Inkara"), "established", "Dalmore Textiles has teamed up with Inkara to develop recycled fibres in Peru."),
    Fact(("Solvane", "Trident Pharma"), "ended", "Solvane ended its research partnership with Trident Pharma in October 2021."),
    Fact(("Bracken Air", "Skyloft"), "established", "Bracken Air and Skyloft agreed a codeshare partnership for their routes in Canada."),
    Fact(("Ruvello", "Marchetti Vini"), "established", "A distribution agreement between Ruvello and Marchetti Vini was signed in Italy in April 2024."),
    Fact(("Cobalt Grid", "Eastmere"), "considered", "Cobalt Grid is exploring a possible partnership with Eastmere on storage in Poland."),
    Fact(("Havenport", "Lodestar Freight"), "established", "Havenport works with Lodestar Freight under a partnership that covers all terminals in Ghana."),
    Fact(("Pallas Media", "Tivoli Sound"), "abandoned", "Pallas Media abandoned its talks with Tivoli Sound about a joint studio in Spain."),
)  # fmt: skip
TWICE = (
    (
        Fact(("Wexcombe", "Aurelian"), "in_talks", "In January 2023 Wexcombe was in talks with Aurelian about a partnership on heat pumps in Austria.", "Austria", "January 2023"),
        Fact(("Wexcombe", "Aurelian"), "established", "In September 2024 Wexcombe signed a partnership with Aurelian for heat pumps.", None, "September 2024"),
    ),
    (
        Fact(("Yarrow Labs", "Dunmore University"), "established", "Yarrow Labs signed a research partnership with Dunmore University in 2019.", None, "2019", "research"),
        Fact(("Yarrow Labs", "Dunmore University"), "ended", "Yarrow Labs ended the research partnership with Dunmore University in Ireland in 2024.", "Ireland", "2024", "research"),
    ),
    (
        Fact(("Calloway Insurance", "Nimbus Data"), "established", "Calloway Insurance has a partnership with Nimbus Data that covers storm warnings.", None, None, "storm warnings"),
        Fact(("Calloway", "Nimbus Data"), "established", "Calloway renewed its alliance with Nimbus Data in Norway.", "Norway"),
    ),
)  # fmt: skip
"""Three partnerships that two distant chapters tell of: two with another state later on, one in the same."""

FIRST = "The economy of the Calder Basin grew by 4.2% to 318 billion crowns last year, its best result since 2011."
LAST = "The economy of the Calder Basin will shrink by 1.8% next year, and 12,400 jobs will be lost, the institute expects."
TITLE = "The economy of the Calder Basin: the year, the sectors and the outlook"
HEADLINES = {
    "en": (TITLE, FIRST, LAST),
    "fr": (
        "L'économie du bassin de Calder : l'année, les secteurs et les perspectives",
        "L'économie du bassin de Calder a progressé de 4,2 % à 318 milliards de couronnes l'an dernier, son meilleur "
        "résultat depuis 2011.",
        "L'économie du bassin de Calder reculera de 1,8 % l'an prochain et 12 400 emplois disparaîtront, selon l'institut.",
    ),
    "de": (
        "Die Wirtschaft des Calder-Beckens: das Jahr, die Branchen und der Ausblick",
        "Die Wirtschaft des Calder-Beckens wuchs im vergangenen Jahr um 4,2 Prozent auf 318 Milliarden Kronen, ihr bestes "
        "Ergebnis seit 2011.",
        "Die Wirtschaft des Calder-Beckens wird im nächsten Jahr um 1,8 Prozent schrumpfen, und 12.400 Stellen werden "
        "wegfallen, erwartet das Institut.",
    ),
}

_PROSE = {
    "en": (
        "{firm} reported sales of {n} million crowns for the year, {p}% more than in {year}.",
        "In {town}, the number of households with a fast connection rose to {n},000.",
        "{person}, who runs the works at {town}, said the order book was full until {month}.",
        "The harbour of {town} handled {n} thousand tonnes of grain in {month} {year}.",
        "Wages in the {trade} trade rose by {p}%, a little less than prices did.",
        "{firm} closed its site in {town} in {month}, and moved {n} people to {place}.",
        "Most of the {trade} firms that were asked expect orders to stay as they are.",
        "Nobody in {town} remembers a drier {month}: the river fell by {p} centimetres in a week.",
        "The council of {town} spent {n} million crowns on roads, schools and two new bridges.",
        "Exports of {goods} to {place} fell by {p}%, because freight cost more than the year before.",
        "{person} joined the board of {firm} in {month}, after nine years with a competitor.",
        "{firm} and {firm2} are the two largest employers of {town}, and compete for the same apprentices.",
        "It took {firm} until {year} to pay back the loan that it had raised for its plant in {town}.",
        "The survey counted {n} shops in the centre of {town}; one in five of them stood empty.",
        "Prices of {goods} moved little until {month}, when a strike in {place} stopped deliveries for {p} days.",
        "What the figures do not show is how many of the {n} trainees left the {trade} trade again.",
        "A visitor to {town} would hardly notice: the cranes turn, the cafés are full, the trains are late.",
        "{firm} sold {n} thousand units of its new model, most of them in {place}.",
        "The inspectors found nothing to object to in {town}, and something small in {p} other places.",
        "For {person}, the reason is simple: people buy {goods} when they have work.",
        "Rents in {town} went up by {p}% in two years, faster than anywhere else in {place}.",
        "A fire at the store of {firm} in {town} destroyed {goods} worth {n} million crowns.",
    ),
    "fr": (
        "{firm} a réalisé {n} millions de couronnes de ventes sur l'année, soit {p} % de plus qu'en {year}.",
        "À {town}, le nombre de foyers raccordés au réseau rapide est monté à {n} 000.",
        "{person}, qui dirige l'usine de {town}, assure que les commandes suffisent jusqu'en {month}.",
        "Le port de {town} a vu passer {n} milliers de tonnes de céréales en {month} {year}.",
        "Les salaires ont augmenté de {p} % dans la branche, un peu moins que les prix.",
        "{firm} a fermé son site de {town} en {month} et déplacé {n} personnes.",
        "La plupart des entreprises interrogées ne voient guère de changement dans leurs carnets.",
        "Personne à {town} ne se souvient d'un mois plus sec : le niveau de la rivière a baissé de {p} centimètres.",
        "La commune de {town} a dépensé {n} millions de couronnes pour ses routes et ses écoles.",
        "Les exportations de {goods} ont reculé de {p} %, car le fret coûtait plus cher que l'année précédente.",
        "{person} est entrée au conseil de {firm} en {month}, après neuf ans chez un concurrent.",
        "{firm} et {firm2} sont les deux plus gros employeurs de {town} et se disputent les mêmes apprentis.",
        "Il a fallu attendre {year} pour que {firm} rembourse l'emprunt levé pour son usine de {town}.",
        "L'enquête a compté {n} commerces au centre de {town} ; un sur cinq était vide.",
        "Ce que les chiffres ne disent pas, c'est combien des {n} stagiaires ont quitté le métier.",
        "Un incendie dans l'entrepôt de {firm} à {town} a détruit pour {n} millions de couronnes de {goods}.",
    ),
    "de": (
        "{firm} erzielte im Jahr einen Umsatz von {n} Millionen Kronen, {p} Prozent mehr als {year}.",
        "In {town} stieg die Zahl der Haushalte mit schnellem Anschluss auf {n}.000.",
        "{person}, die das Werk in {town} leitet, sieht die Auftragsbücher bis {month} gefüllt.",
        "Der Hafen von {town} schlug im {month} {year} rund {n} Tausend Tonnen Getreide um.",
        "Die Löhne der Branche stiegen um {p} Prozent, etwas weniger als die Preise.",
        "{firm} schloss den Standort {town} im {month} und versetzte {n} Beschäftigte.",
        "Die meisten der befragten Betriebe rechnen mit unveränderten Aufträgen.",
        "Niemand in {town} erinnert sich an einen trockeneren Monat: Der Pegel fiel um {p} Zentimeter.",
        "Die Gemeinde {town} gab {n} Millionen Kronen für Straßen und Schulen aus.",
        "Die Ausfuhr von {goods} ging um {p} Prozent zurück, weil die Fracht teurer war als im Vorjahr.",
        "{person} zog im {month} in den Vorstand von {firm} ein, nach neun Jahren bei einem Wettbewerber.",
        "{firm} und {firm2} sind die größten Arbeitgeber von {town} und werben um dieselben Lehrlinge.",
        "Erst {year} hatte {firm} das Darlehen für die Fabrik in {town} zurückgezahlt.",
        "Die Erhebung zählte {n} Läden in der Mitte von {town}; jeder fünfte stand leer.",
        "Was die Zahlen nicht zeigen: wie viele der {n} Lehrlinge den Beruf wieder verließen.",
        "Ein Brand im Lager von {firm} in {town} vernichtete {goods} für {n} Millionen Kronen.",
    ),
}
_HEADINGS = {
    "en": ("Chapter {i}: {goods} and {trade}", "{town} and its surroundings", "What the survey shows"),
    "fr": ("Chapitre {i} : {goods}", "{town} et ses environs", "Ce que montre l'enquête"),
    "de": ("Kapitel {i}: {goods}", "{town} und Umgebung", "Was die Erhebung zeigt"),
}
_MONTHS = {
    "en": ("January", "February", "April", "August", "October", "December"),
    "fr": ("janvier", "février", "avril", "juillet", "octobre", "décembre"),
    "de": ("Januar", "Februar", "April", "August", "Oktober", "Dezember"),
}
_GOODS = {
    "en": (
        "timber",
        "glass",
        "paper",
        "cheese",
        "barley",
        "copper wire",
        "furniture",
        "bicycles",
        "salted fish",
        "wool",
    ),
    "fr": ("bois", "verre", "papier", "fromage", "cuivre", "meubles", "vélos", "laine", "poisson"),
    "de": ("Holz", "Glas", "Papier", "Käse", "Gerste", "Kupferdraht", "Möbel", "Fahrrädern", "Wolle"),
}
_TRADES = ("building", "printing", "catering", "weaving", "haulage", "fishing", "retail")
_PLACES = ("Sweden", "Morocco", "Japan", "Brazil", "Belgium", "Turkey")
_HEADS = (
    "Bel",
    "Cor",
    "Dun",
    "Els",
    "Far",
    "Gri",
    "Hol",
    "Ing",
    "Jar",
    "Kel",
    "Lor",
    "Mad",
    "Nes",
    "Ost",
    "Pel",
    "Ras",
)
_TAILS = ("brook", "dale", "field", "gate", "ham", "mere", "mond", "rick", "sted", "ton", "vik", "wold")
_NAMES = ("Ana Lindqvist", "Paul Okoro", "Marta Iversen", "Jens Albrecht", "Rosa Tamm", "Ida Kovac", "Luc Ferrand")


@dataclass
class Report:
    """A report, and where the words of each planted fact stand in it."""

    text: str
    title: str
    language: str
    planted: dict[str, int] = field(default_factory=dict)


def filler(words: int, language: str = "en", seed: int = 7) -> list[str]:
    """Return paragraphs and headings of so many words."""
    chance = random.Random(seed)
    towns = [head + tail for head in _HEADS for tail in _TAILS[:4]]
    firms = [head + tail for head in _HEADS[::-1] for tail in _TAILS[4:]]
    blocks: list[str] = []
    count = chapter = 0
    while count < words:
        slots = {"town": chance.choice(towns), "goods": chance.choice(_GOODS[language])}
        if len(blocks) % 60 == 0 or chance.random() < 0.05:
            chapter += len(blocks) % 60 == 0
            pattern = _HEADINGS[language][0 if len(blocks) % 60 == 0 else chance.randint(1, 2)]
            blocks.append(pattern.format(i=chapter, trade=chance.choice(_TRADES), **slots))
            continue
        chosen = chance.sample(_PROSE[language], chance.randint(2, 6))
        blocks.append(" ".join(_sentence(pattern, language, slots["town"], firms, chance) for pattern in chosen))
        count += len(blocks[-1].split())
    return blocks


def _sentence(pattern: str, language: str, town: str, firms: Sequence[str], chance: random.Random) -> str:
    firm, other = chance.sample(firms, 2)
    return pattern.format(
        firm=firm, firm2=other, town=town, person=chance.choice(_NAMES), n=chance.randint(12, 980),
        p=chance.randint(2, 19), year=chance.randint(2012, 2024), month=chance.choice(_MONTHS[language]),
        trade=chance.choice(_TRADES), goods=chance.choice(_GOODS[language]), place=chance.choice(_PLACES),
    )  # fmt: skip


def report(words: int = 100_000, language: str = "en", *, window: int = 40_000, seed: int = 7) -> Report:
    """Write a report: headline facts on its first and on its 190th page of 200, and in English all partnerships.

    Every third of these stands at the very end of a passage of `window` characters.
    """
    title, first, last = HEADLINES[language]
    blocks = [title, first, *filler(words, language, seed)]
    at = round(len(blocks) * 190 / 200)
    blocks.insert(at, last + " " + blocks.pop(at))
    facts = [*FACTS, *(early for early, _ in TWICE), *(late for _, late in TWICE)] if language == "en" else []
    inner = [fact for i, fact in enumerate(facts) if i % 3]
    for i, fact in enumerate(inner):
        at = round(len(blocks) * (i + 0.6) / len(inner))
        blocks[at] += " " + fact.sentence
    text = "\n\n".join(blocks)
    for i, fact in enumerate(facts[::3]):
        text = _at_border(text, fact.sentence, window, 1 + i * max(1, len(text) // window) // len(facts[::3]))
    whole = [first, last, *(fact.sentence for fact in facts)]
    return Report(text, title, language, {sentence: text.index(sentence) for sentence in whole})


def _at_border(text: str, sentence: str, window: int, number: int) -> str:
    """Plant a sentence at the end of a passage, the last words before a cut."""
    found = spans(text, window)
    end = found[min(number, len(found) - 1) - 1].end
    while (planted := f"{text[:end]} {sentence}{text[end:]}") and not _is_last(planted, sentence, window):
        end = text.rfind("\n\n", 0, end)
    return planted


def _is_last(text: str, sentence: str, window: int) -> bool:
    end = text.index(sentence) + len(sentence)
    return any(span.end == end for span in spans(text, window))


class Scripted:
    """A model that finds in a passage what is planted there, and reads nothing else."""

    model = "scripted/toy"
    identity = "scripted"
    prompt = None

    def __init__(self, window: int = 40_000) -> None:
        self.window = window
        self.seen: list[tuple[int, int]] = []

    async def draft(self, passage: Passage) -> Draft:
        """Answer from the words of the passage."""
        self.seen.append((passage.start, passage.end))
        return Draft.model_validate(answer(passage.text)).model_copy(update={"effort": Effort(calls=1)})

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Choose the candidates that speak of the title's subject."""
        chosen = [one for one in candidates if "Calder Basin" in one.text][:count]
        drafted = (DraftTakeaway(text=one.text, quotes=(one.evidence[0].quote,)) for one in chosen)
        return Draft(takeaways=tuple(drafted), effort=Effort(calls=1))

    async def aclose(self) -> None:
        """Nothing is held."""


def answer(words: str) -> dict[str, Any]:
    """Return the draft of a passage as a model's JSON: the planted facts in it, and its first sentences with a figure."""
    facts = [*FACTS, *(fact for pair in TWICE for fact in pair)]
    headlines = [sentence for sentence in (FIRST, LAST) if sentence in words]
    others = [match[0] for match in re.finditer(r"(?<=[.] )[A-Z][^.\n]* \d+%[^.\n]*\.(?= )", words)][:4]
    return {
        "takeaways": [{"text": text, "quotes": [text]} for text in (*headlines, *others)],
        "partnerships": [_drafted(fact).model_dump(mode="json") for fact in facts if fact.sentence in words],
    }


def _drafted(fact: Fact) -> DraftPartnership:
    return DraftPartnership.model_validate({**fact._asdict(), "quotes": (fact.sentence,)} | {"attribution": None})


def expected() -> Iterator[tuple[frozenset[str], str]]:
    """Yield the parties and the state of each partnership of an English report, once each."""
    yield from ((frozenset(fact.parties), fact.status) for fact in FACTS)
    yield from ((frozenset(early.parties), late.status) for early, late in TWICE)
