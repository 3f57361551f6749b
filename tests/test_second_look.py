"""What code only doubts is settled by a second look of the model; a definite fault never is, and `code` asks nobody."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing

import pytest
from loopback import Loopback, answer

from summarizer import Article, Draft, Summary, ground
from summarizer.engines.llm import open_llm
from summarizer.pipeline import summarize_article
from summarizer.schema import DraftTakeaway, Grade, Passage, Rejected

TEXT = (
    "Norvik rachète Zelba pour 40 millions d'euros.\n\n"
    "Le groupe Norvik aurait versé des pots-de-vin, selon l'opposition. "
    "Norvik prévoit d'ouvrir une usine à Lyon en 2027. Norvik emploie 900 personnes."
)
ARTICLE = Article.from_text(TEXT)
FIRST = {"text": "Norvik rachète Zelba.", "quotes": ["Norvik rachète Zelba pour 40 millions d'euros."]}
PLAN = {
    "text": "Norvik ouvre une usine à Lyon en 2027.",
    "quotes": ["Norvik prévoit d'ouvrir une usine à Lyon en 2027."],
}
LAST = {"text": "Norvik emploie 900 personnes.", "quotes": ["Norvik emploie 900 personnes."]}
WRONG = {"text": "Norvik emploie 950 personnes.", "quotes": ["Norvik emploie 900 personnes."]}


class Reviewer:
    """Drafts claims, and lets every one of them stand at the second look."""

    identity = model = "reviewer"
    window = 10_000

    def __init__(self, *claims: dict[str, object]) -> None:
        self.draft_made = Draft.model_validate({"takeaways": claims})
        self.asked: list[Rejected] = []

    async def draft(self, passage: Passage) -> Draft:
        return self.draft_made

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        self.asked += failed
        return Draft(takeaways=tuple(DraftTakeaway.model_validate(one.claim) for one in failed))


def summarized(engine: Reviewer, proof: str = "assisted") -> Summary:
    return asyncio.run(summarize_article(ARTICLE, engine, proof=proof))


def served(server: Loopback) -> Summary:
    """Summarize with the language model that a server plays."""

    async def run() -> Summary:
        async with aclosing(open_llm("toy", base_url=server.url)) as engine:
            return await summarize_article(ARTICLE, engine)

    return asyncio.run(run())


def test_code_alone_rejects_what_it_doubts_and_says_that_it_is_a_doubt() -> None:
    (fallen,) = ground(Draft.model_validate({"takeaways": [PLAN]}), ARTICLE).rejected
    assert [(reason.code, reason.grade) for reason in fallen.reasons] == [("modality_conflict", "doubt")]
    assert not fallen.is_refuted
    assert '"grade":"doubt"' in fallen.model_dump_json() and '"check"' not in fallen.model_dump_json()


def test_a_doubt_that_the_model_settles_is_kept_in_its_place_and_says_so() -> None:
    summary = summarized(Reviewer(FIRST, PLAN, LAST))
    assert [claim.text for claim in summary.takeaways] == [FIRST["text"], PLAN["text"], LAST["text"]]
    assert [claim.proof for claim in summary.takeaways] == ["code", "reviewer", "code"]
    assert [reason.grade for reason in summary.takeaways[1].doubts] == [Grade.DOUBT]
    assert summary.provenance.proofs == {"code": 2, "reviewer": 1} and not summary.rejected


def test_a_second_look_overrides_no_definite_fault() -> None:
    engine = Reviewer(FIRST, WRONG)
    summary = summarized(engine)
    assert [claim.text for claim in summary.takeaways] == [FIRST["text"]] and len(engine.asked) == 1
    assert summary.rejected[0].is_refuted and summary.provenance.proofs == {"code": 1}


def test_with_the_proof_of_code_nothing_is_settled() -> None:
    summary = summarized(Reviewer(FIRST, PLAN), proof="code")
    assert [claim.text for claim in summary.takeaways] == [FIRST["text"]] and len(summary.rejected) == 1


def test_repairs_and_doubts_go_in_one_request_that_shows_no_status(loopback: Callable[..., Loopback]) -> None:
    server = loopback(answer({"takeaways": [FIRST, PLAN, WRONG], "partnerships": []}), answer({"stands": [1, 2, 3]}))
    summary = served(server)
    assert server.count == 2
    asked = server.requests[1].body["messages"][-1]["content"]
    assert '"doubt"' in asked and '"wrong"' in asked
    assert asked.count("Norvik prévoit d'ouvrir une usine à Lyon en 2027.") == 1  # a sentence is sent once
    assert [claim.proof for claim in summary.takeaways] == ["code", "openai/toy"]
    # a number that stands nowhere stays out
    assert [fallen.claim["text"] for fallen in summary.rejected] == [WRONG["text"]]


class CarefulReviewer(Reviewer):
    """Is given what code proved, too, and lets only some claims stand."""

    reviews = True

    def __init__(self, *claims: dict[str, object], stands: Sequence[dict[str, object]]) -> None:
        super().__init__(*claims)
        self.stands = stands

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        self.asked += failed
        return Draft.model_validate({"takeaways": self.stands})


def test_a_request_that_is_made_anyway_also_reviews_what_code_proved() -> None:
    engine = CarefulReviewer(FIRST, PLAN, LAST, stands=[PLAN, LAST])
    summary = summarized(engine)
    assert [one.claim["text"] for one in engine.asked] == [PLAN["text"], FIRST["text"], LAST["text"]]
    assert [claim.text for claim in summary.takeaways] == [PLAN["text"], LAST["text"]]
    assert [claim.proof for claim in summary.takeaways] == ["reviewer", "code"]
    (fallen,) = summary.rejected
    assert (fallen.claim["text"], fallen.reasons[0].code) == (FIRST["text"], "not_entailed")


def test_a_better_version_of_what_code_proved_takes_its_place() -> None:
    better = {"text": "Norvik rachète Zelba pour 40 millions d'euros.", "quotes": FIRST["quotes"]}
    summary = summarized(CarefulReviewer(FIRST, PLAN, LAST, stands=[PLAN, better, LAST]))
    assert [claim.text for claim in summary.takeaways] == [better["text"], PLAN["text"], LAST["text"]]


def test_an_answer_that_says_nothing_takes_nothing_away() -> None:
    summary = summarized(CarefulReviewer(FIRST, PLAN, LAST, stands=[]))
    assert [claim.text for claim in summary.takeaways] == [FIRST["text"], LAST["text"]]
    assert [fallen.claim["text"] for fallen in summary.rejected] == [PLAN["text"]]


def test_an_answer_that_only_corrects_takes_nothing_away() -> None:
    """A model may forget to say what stands."""
    better = {"text": "Norvik prévoit d'ouvrir une usine à Lyon en 2027.", "quotes": PLAN["quotes"]}
    summary = summarized(CarefulReviewer(FIRST, PLAN, LAST, stands=[better]))
    assert [claim.text for claim in summary.takeaways] == [FIRST["text"], better["text"], LAST["text"]]


@pytest.mark.parametrize("stands", [[1, 2], ["1", "2"], [1.0, 2.0], ["1", 2, "none", None, 99]], ids=str)
def test_the_numbers_of_what_stands_may_be_written_as_text(
    stands: list[object], loopback: Callable[..., Loopback]
) -> None:
    server = loopback(answer({"takeaways": [FIRST, PLAN], "partnerships": []}), answer({"stands": stands}))
    assert [claim.text for claim in served(server).takeaways] == [FIRST["text"], PLAN["text"]]


def test_what_code_proved_costs_no_request_of_its_own() -> None:
    engine = CarefulReviewer(FIRST, LAST, stands=[])
    assert len(summarized(engine).takeaways) == 2 and not engine.asked


def test_code_alone_has_nothing_reviewed() -> None:
    engine = CarefulReviewer(FIRST, PLAN, stands=[])
    assert [claim.text for claim in summarized(engine, proof="code").takeaways] == [FIRST["text"]]
    assert [one.claim["text"] for one in engine.asked] == [PLAN["text"]]
