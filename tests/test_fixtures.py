"""The corpus is what fixtures/README.md says, and every gold in it is proven: quotes, offsets, names, numbers."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer import Status
from summarizer.evaluation import Case, Trap, faults, find_cases, read_case

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = [read_case(folder) for folder in find_cases(FIXTURES)]
CONTRACT = [trap for trap in Trap if trap != Trap.INSTRUCTION]


def table() -> str:
    """What stands between the markers of the README: what there is, in both halves."""
    halves = [[case for case in CASES if case.held_out == held] for held in (False, True)]
    found = [Counter(article(case) for case in half) for half in halves]
    rows = [("articles", *(len(half) for half in halves))]
    rows += [(f"language `{tag}`", *(count[tag] for count in found)) for tag in sorted(found[0] | found[1])]
    for status in Status:
        rows.append((f"status `{status}`", *(sum(states(case)[status] for case in half) for half in halves)))
    for trap in Trap:
        rows.append((f"trap `{trap}`", *(sum(traps(case)[trap] for case in half) for half in halves)))
    lines = [f"| {name} | {here} | {there} | {here + there} |" for name, here, there in rows]
    return "\n".join(["| what | development | held out | together |", "|---|---|---|---|", *lines]) + "\n"


def article(case: Case) -> str:
    return case.article.language.partition("-")[0]


def states(case: Case) -> Counter[Status]:
    return Counter(claim.status for claim in case.gold.partnerships)


def traps(case: Case) -> Counter[Trap]:
    return Counter(claim.kind for claim in case.gold.not_partnerships)


def test_the_readme_of_the_corpus_counts_what_is_there() -> None:
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    assert readme.partition("<!-- corpus -->\n")[2].partition("<!-- /corpus -->")[0] == table()


def test_there_is_enough_of_everything() -> None:
    assert len(CASES) >= 24
    assert sum(case.held_out for case in CASES) == len(CASES) / 2
    assert len({article(case) for case in CASES}) >= 7
    statuses = sum((states(case) for case in CASES), Counter())
    fallen_into = sum((traps(case) for case in CASES), Counter())
    assert [status for status in Status if statuses[status] < 4] == []
    assert [trap for trap in CONTRACT if fallen_into[trap] < 4] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_quote_offset_name_and_number_of_the_gold_is_proven(case: Case) -> None:
    assert faults(case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_held_out_case_says_so_in_its_name_and_the_readme_says_who_wrote_it(case: Case) -> None:
    assert case.name.startswith("held-") == case.held_out
    row = next(
        line
        for line in (FIXTURES / "README.md").read_text("utf-8").splitlines()
        if f"| {case.name} |" in line.replace("`", "")
    )
    assert "hand-written" in row


# --- the validator ---------------------------------------------------------------------------------------------

SOUND = next(case for case in CASES if case.name == "taruma-biometano")


def broken(kind: str, at: int, **changed: object) -> Case:
    """The case with one claim of its gold changed."""
    claims = list(getattr(SOUND.gold, kind))
    claims[at] = claims[at].model_copy(update=changed)
    return replace(SOUND, gold=SOUND.gold.model_copy(update={kind: tuple(claims)}))


PLACE = SOUND.gold.partnerships[3].evidence[0]
FAULTS = {
    "an offset beside its quote": (
        broken("partnerships", 3, evidence=(PLACE.model_copy(update={"start": PLACE.start + 1}),)),
        f"partnership 3: the quote {PLACE.quote[:40]!r} is not at {PLACE.start + 1} to {PLACE.end}",
    ),
    "one party": (broken("partnerships", 3, parties=("Cisplan",)), "partnership 3: two parties are needed"),
    "no evidence": (broken("takeaways", 0, evidence=()), "takeaway 0: there is no evidence"),
    "a number of no quote": (
        broken("takeaways", 3, text="A Tarumã Motores faturou R$ 3,9 bilhões em 2025, alta de 14%."),
        "takeaway 3: the number '3,9' is not in any quote",
    ),
    "a name of no article": (
        broken("takeaways", 3, text="A fabricante Novaplex faturou R$ 2,9 bilhões em 2025, alta de 14%."),
        "takeaway 3: the name 'Novaplex' is not in the article",
    ),
    "a party of no quote": (
        broken("partnerships", 3, parties=("Tarumã", "Instituto Ibirá")),
        "partnership 3: 'Instituto Ibirá' is not named in any quote",
    ),
    "a detail of no article": (
        broken("partnerships", 3, date="31 de agosto"),
        "partnership 3: the date '31 de agosto' is not in the article",
    ),
    "a trap of no article": (
        broken("not_partnerships", 0, parties=("Falchi Serbatoi", "Novaplex")),
        "not_partnership 0: 'Novaplex' is not in the article",
    ),
    "a planted claim that is not there": (
        broken("rejected", 0, claim_index=99),
        "the planted takeaway 99 is not in the recorded draft",
    ),
    "a planted claim without a reason": (
        broken("rejected", 0, codes=()),
        "the planted takeaway 2 has no reason to be rejected",
    ),
    "the same twice": (
        replace(
            SOUND,
            gold=SOUND.gold.model_copy(update={"partnerships": (*SOUND.gold.partnerships, SOUND.gold.partnerships[3])}),
        ),
        "Tarumã + Cisplan (ended) is listed twice",
    ),
    "partners and a trap at once": (
        broken(
            "not_partnerships",
            0,
            parties=("Tarumã", "Cisplan"),
            evidence=SOUND.gold.partnerships[3].evidence,
        ),
        "Tarumã + Cisplan are partners and purchase at once",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_gold_that_is_wrong_is_told_as_what_it_is(what: str) -> None:
    case, fault = FAULTS[what]
    assert faults(case) == [fault]
