"""An article in passages and back: where it is cut, what they share, and what one that fails costs."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from long_reports import filler

from summarizer.chunking import draft_all, merge, split
from summarizer.chunking.splitting import OVERLAP, spans
from summarizer.errors import ConfigError, EngineError, EngineRefused, EngineUnavailable, InvalidDraft
from summarizer.language.sentences import sentences
from summarizer.language.weighing import HEAVIEST, weight
from summarizer.schema import Article, Draft, DraftPartnership, DraftTakeaway, DraftUsage, Passage, Status

REPORT = "\n\n".join(filler(20_000))
SENTENCE = "The council spent eleven million crowns on roads, schools and bridges. "


def cut_before(text: str, window: int) -> list[str]:
    """The first words behind each cut."""
    return [text[one.end :].lstrip()[:12] for one in spans(text, window)[:-1]]


# --- where it is cut ---------------------------------------------------------------------------------------------


def test_an_article_that_fits_is_one_passage_from_its_first_to_its_last_character() -> None:
    text = "  One sentence. Another one.\n"
    (passage,) = split(Article(text=text), len(text))
    assert passage.text == text


@pytest.mark.slow
def test_an_article_that_fits_imports_nothing_for_long_ones() -> None:
    code = (
        "import sys, summarizer; summarizer.summarize('Norvik signed a partnership with Zelba.', model='extractive');"
        "print([name for name in sys.modules if name.startswith('summarizer.chunking.') or name.endswith('joining')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("window", [1_000, 6_000, 40_000])
def test_passages_fit_the_window_and_hold_every_sentence(window: int) -> None:
    found = spans(REPORT, window)
    assert all(end - start <= window for start, end in found)
    for sentence in sentences(REPORT):
        assert any(start <= sentence.start and sentence.end <= end for start, end in found)


@pytest.mark.parametrize("window", [6_000, 40_000])
def test_a_quote_of_usual_length_is_whole_in_one_passage_wherever_it_stands(window: int) -> None:
    found, all_sentences = spans(REPORT, window), sentences(REPORT)
    for i, first in enumerate(all_sentences):
        quotes = [last.end for last in all_sentences[i : i + 8] if last.end - first.start <= OVERLAP]
        assert all(any(start <= first.start and end <= stop for start, stop in found) for end in quotes)


def test_passages_share_little_more_than_that() -> None:
    shared = [one.end - other.start for one, other in pairwise(spans(REPORT, 40_000))]
    assert all(OVERLAP <= size <= OVERLAP + 400 for size in shared)


PARAGRAPH = SENTENCE * 4
CUTS = [
    ("a section before a paragraph", [PARAGRAPH, PARAGRAPH, "Trade", PARAGRAPH, PARAGRAPH], "Trade"),
    ("a marked heading, with a full stop", [PARAGRAPH, PARAGRAPH, "## Trade.", PARAGRAPH, PARAGRAPH], "## Trade."),
    ("a heading of two lines", [PARAGRAPH, PARAGRAPH, "Part II\nTrade", PARAGRAPH, PARAGRAPH], "Part II\nTrad"),
    ("a paragraph before a sentence", [PARAGRAPH, "So it ended. " + PARAGRAPH, PARAGRAPH], "So it ended."),
]


@pytest.mark.parametrize(("blocks", "expected"), [case[1:] for case in CUTS], ids=[case[0] for case in CUTS])
def test_it_is_cut_at_the_best_border(blocks: list[str], expected: str) -> None:
    text = "\n\n".join(block.strip() for block in blocks)
    window = text.index(expected) + 150
    assert cut_before(text, window)[0].startswith(expected[:12])


LISTS = {
    "bullets": "\n".join(f"- {SENTENCE.strip()}" for _ in range(5)),
    "bullets with blank lines between": "\n\n".join(f"• {SENTENCE.strip()}" for _ in range(5)),
    "numbers": "\n".join(f"{i}. {SENTENCE.strip()}" for i in range(1, 6)),
    "rows of a table": "\n".join(f"| Rasvik | {i} | {i * 7} | {SENTENCE.strip()} |" for i in range(5)),
    "rows with tabs": "\n".join(f"Rasvik\t{i}\t{SENTENCE.strip()}" for i in range(5)),
}


@pytest.mark.parametrize("block", LISTS.values(), ids=LISTS)
def test_a_list_or_a_table_is_not_torn_and_stays_with_the_line_that_leads_up_to_it(block: str) -> None:
    text = f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nThese are the results of the year:\n\n{block}\n\n{PARAGRAPH}"
    assert cut_before(text, text.index(block) + 130)[0] == "These are th"


def test_a_list_that_is_longer_than_half_a_window_is_torn_between_its_items() -> None:
    text = "\n".join(f"- {SENTENCE.strip()}" for _ in range(40))
    assert set(cut_before(text, 1_000)) == {"- The counci"}


@pytest.mark.parametrize(
    "text",
    ["word " * 9_000, "x" * 40_000, "\n" * 3_000 + "x" * 5_000, "這是一個句子" * 2_000, "." * 200_000, " " * 9_000],
)
def test_what_has_no_borders_is_cut_all_the_same(text: str) -> None:
    found = spans(text, 1_500)
    covered = {i for start, end in found for i in range(start, end)}
    assert all(end - start <= 1_500 for start, end in found)
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


@settings(max_examples=150, deadline=None)
@given(st.text("ab .\n-|\t#:A國д。", min_size=1, max_size=400), st.integers(min_value=1, max_value=90))
def test_any_text_is_read_whole_within_any_window(text: str, window: int) -> None:
    if not sentences(text):
        return
    found = spans(text, window)
    covered = {i for start, end in found for i in range(start, end)}
    assert all(0 < weight(text[start:end]) <= max(window, HEAVIEST) for start, end in found)
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert all(one.start < other.start and one.end < other.end for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("sentence", "tokens"),  # as many as the tokenizer of Mistral 7B makes of it
    [
        ("Norvik AS signed a partnership with Zelba Energy on Monday to build tidal turbines in Norway. ", 21),
        ("Norvik a signé lundi un partenariat avec Zelba Énergie pour construire des hydroliennes. ", 31),
        ("Компания подписала в понедельник соглашение о сотрудничестве по строительству турбин. ", 34),
        ("Hai công ty đã ký kết thỏa thuận hợp tác vào thứ Hai để xây dựng các tua-bin thủy triều. ", 57),
        ("Η εταιρεία υπέγραψε τη Δευτέρα συμφωνία συνεργασίας για την κατασκευή στροβίλων. ", 83),
        ("وقعت الشركة يوم الاثنين اتفاقية شراكة لبناء توربينات المد والجزر في النرويج. ", 70),
        ("कंपनी ने सोमवार को नॉर्वे में ज्वारीय टर्बाइन बनाने के लिए समझौते पर हस्ताक्षर किए। ", 92),
        ("両社は月曜日、ノルウェーで潮力タービンを建設するための提携契約に署名したと発表した。", 53),
        ("星澜能源周一宣布，与云陌物流签署合作协议，双方将在未来三年内共同建设沿海风电项目。", 47),
        ("두 회사는 월요일 노르웨이에 조력 터빈을 건설하기 위한 파트너십 계약을 체결했다. ", 50),
    ],
)
def test_a_small_window_holds_as_many_tokens_in_any_script(sentence: str, tokens: int) -> None:
    found = spans(sentence * 300, 6_000)
    assert all(weight((sentence * 300)[start:end]) <= 6_000 for start, end in found)
    longest = max(end - start for start, end in found)
    assert longest * tokens / len(sentence) <= 2_600  # what a context of 4,096 leaves beside the prompt


# --- as one again ------------------------------------------------------------------------------------------------


def takeaway(text: str) -> DraftTakeaway:
    return DraftTakeaway(text=text, quotes=(text,))


def test_the_first_of_every_passage_comes_before_the_second_of_any() -> None:
    drafts = [Draft(takeaways=tuple(takeaway(f"{name}{i}") for i in range(n))) for name, n in (("a", 3), ("b", 1))]
    assert [one.text for one in merge(drafts).takeaways] == ["a0", "b0", "a1", "a2"]


def test_what_two_passages_share_is_there_once_and_what_they_took_adds_up() -> None:
    pact = DraftPartnership(parties=("A", "B"), status=Status.ENDED, quotes=("A left B.",))
    draft = Draft(
        takeaways=(takeaway("a"),), partnerships=(pact,), usage=DraftUsage(calls=1, input_tokens=7, cost_usd=1)
    )
    whole = merge([draft, draft])
    assert (len(whole.takeaways), len(whole.partnerships)) == (1, 1)
    assert (whole.usage.calls, whole.usage.input_tokens, whole.usage.cost_usd) == (2, 14, 2)


# --- all at the same time ----------------------------------------------------------------------------------------

LONG = Article(text=PARAGRAPH * 100)


class Toy:
    """An engine that answers by the number of the passage, `at_once` of them at a time."""

    model = identity = "toy"
    prompt = None
    window = 2_000

    def __init__(self, answer: Callable[[int], Exception | None], at_once: int = 4) -> None:
        self._answer = answer
        self._gate = asyncio.Semaphore(at_once)
        self.asked: list[int] = []
        self.most = self._under_way = 0

    async def draft(self, passage: Passage) -> Draft:
        async with self._gate:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            await asyncio.sleep(0)
            self._under_way -= 1
            number = PASSAGES.index(passage)
            self.asked.append(number)
            if error := self._answer(number):
                raise error
            return Draft(takeaways=(takeaway(f"passage {number}"),), usage=DraftUsage(calls=1))

    async def aclose(self) -> None:
        """Nothing is held."""


PASSAGES = split(LONG, Toy.window)


def drafted(engine: Toy) -> Draft:
    return asyncio.run(draft_all(engine, PASSAGES))


class Filtered(EngineRefused):
    """As the room of the language models has it."""

    about_text = True


def test_passages_are_asked_for_at_the_same_time_within_the_engines_bounds() -> None:
    engine = Toy(lambda number: None, at_once=6)
    assert drafted(engine).usage.calls == len(PASSAGES) > 12
    assert engine.most == 6


@pytest.mark.parametrize("error", [EngineUnavailable("no answer"), InvalidDraft("no JSON"), Filtered("violence")])
def test_a_passage_without_an_answer_costs_itself_and_is_told(error: EngineError) -> None:
    draft = drafted(Toy(lambda number: error if number in (3, 4, 9) else None))
    assert len(draft.takeaways) == len(PASSAGES) - 3
    assert draft.usage.truncated
    first, second = (PASSAGES[2].end, PASSAGES[5].start), (PASSAGES[8].end, PASSAGES[10].start)
    read = [(one.start, one.end) for i, one in enumerate(PASSAGES) if i not in (3, 4, 9)]
    unread = {i for start, end in draft.usage.unread for i in range(start, end)}
    assert unread == {*range(*first), *range(*second)}
    assert not unread & {i for start, end in read for i in range(start, end)}
    (note,) = draft.usage.warnings
    assert re.fullmatch(rf"characters [\d,]+ to .* of the article were not read: {error}", note)


def test_where_no_passage_is_answered_the_first_error_is_the_articles() -> None:
    with pytest.raises(InvalidDraft, match="passage 0"):
        drafted(Toy(lambda number: InvalidDraft(f"passage {number}")))


def test_a_refusal_before_any_answer_is_not_repeated_for_every_passage() -> None:
    engine = Toy(lambda number: EngineRefused("wrong key"), at_once=2)
    with pytest.raises(EngineRefused, match="wrong key"):
        drafted(engine)
    assert len(engine.asked) <= 4


def test_a_server_that_answers_nobody_is_given_up() -> None:
    engine = Toy(lambda number: EngineUnavailable("no answer"), at_once=2)
    with pytest.raises(EngineUnavailable):
        drafted(engine)
    assert len(engine.asked) <= 8


def test_a_filter_that_stops_every_passage_but_one_leaves_that_one() -> None:
    draft = drafted(Toy(lambda number: None if number == 20 else Filtered("violence")))
    assert [one.text for one in draft.takeaways] == ["passage 20"]


def test_a_budget_that_ends_on_the_way_stops_the_article_when_what_is_paid_has_come() -> None:
    engine = Toy(lambda number: EngineRefused("the budget is spent") if number > 9 else None)
    with pytest.raises(EngineRefused, match="budget"):
        drafted(engine)
    assert len(engine.asked) == len(PASSAGES)  # a cache has remembered the first ten


def test_an_error_that_is_not_the_engines_stops_all_at_once() -> None:
    engine = Toy(lambda number: ConfigError("a bug") if number == 5 else None, at_once=1)
    with pytest.raises(ConfigError):
        drafted(engine)
    assert len(engine.asked) <= 7


def test_an_article_that_is_interrupted_leaves_no_passage_behind() -> None:
    async def interrupted() -> set[str]:
        stuck = Toy(lambda number: None, at_once=0)
        whole = asyncio.ensure_future(draft_all(stuck, PASSAGES))
        await asyncio.sleep(0)
        whole.cancel()
        with pytest.raises(asyncio.CancelledError):
            await whole
        return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    assert asyncio.run(interrupted()) == set()
