"""What a draft holds is proven in proportion to its size: processor time, which a busy machine does not lengthen."""

from time import process_time

import pytest

from summarizer import Article, Draft, ground
from summarizer.schema import DraftPartnership, DraftTakeaway, Status

SIGNED = "Airbus and Thales signed a partnership in May."
SECONDS = 3.0
"""Each took ten to a hundred as long where a step took the square of its time."""


def claims(text: str, quote: str) -> Draft:
    pact = DraftPartnership(parties=("Airbus", "Thales"), status=Status.ESTABLISHED, date="in May", quotes=(quote,))
    return Draft(takeaways=(DraftTakeaway(text=text, quotes=(quote,)),), partnerships=(pact,))


def time_of(draft: Draft, text: str) -> float:
    ground(claims(SIGNED, SIGNED), Article(text=SIGNED, language="en"))  # lexicons are read once
    began = process_time()
    ground(draft, Article(text=text, language="en"))
    return process_time() - began


FILLERS = {
    "blanks": " " * 40_000,
    "other blanks": "\u00a0 " * 20_000,
    "lines": "\n" * 40_000,
    "dashes": " -" * 20_000,
    "quote marks": " \"'" * 10_000,
    "stops": "…" * 40_000,
    "soft hyphens": "\u00ad" * 40_000,
    "digits": "7" * 40_000,
    "figures": " ".join(map(str, range(5_000))),
    "figures with commas": ",".join(str(i % 10) for i in range(10_000)),
    "one figure again and again": "5 % " * 5_000,
    "percentages": " ".join(f"{i} %" for i in range(3_000)),
    "dates": "5 May 2025 " * 2_000,
    "names": "Zelba " * 5_000,
    "negations": "not " * 8_000,
}


@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
@pytest.mark.parametrize("where", ["the quote", "the quote and the article", "all"])
def test_a_claim_full_of_one_thing_takes_no_time(filler: str, where: str) -> None:
    quote = f"Airbus and {filler} Thales signed a partnership in May."
    text = f"{SIGNED} {quote} {SIGNED}" if where != "the quote" else SIGNED
    assert time_of(claims(quote if where == "all" else SIGNED, quote), text) < SECONDS


def name(number: int) -> str:
    """A name of four syllables, another one for each number below 20,736."""
    syllables = ("bo", "ka", "ri", "to", "mel", "zan", "vor", "lik", "pra", "dun", "sei", "quo")
    return "".join(syllables[number // 12**place % 12] for place in range(4)).capitalize()


def pact(number: int) -> tuple[tuple[str, str], str]:
    parties = name(2 * number), name(2 * number + 1)
    return parties, f"{parties[0]} and {parties[1]} signed a partnership in May."


def partnerships(count: int) -> Draft:
    pacts = (pact(number) for number in range(count))
    return Draft(
        partnerships=tuple(
            DraftPartnership(parties=parties, status=Status.ESTABLISHED, quotes=(quote,)) for parties, quote in pacts
        )
    )


def test_many_distinct_partnerships_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        return time_of(partnerships(count), " ".join(pact(number)[1] for number in range(count)))

    assert seconds(6_000) < 9 * seconds(1_500) + 0.5
