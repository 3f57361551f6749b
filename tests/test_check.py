"""`check`: one verdict for each claim, in order, in every format; the second look settles doubts and nothing else."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from loopback import Loopback, answer, error

from summarizer import Article, Partnership, Takeaway
from summarizer.cli.claim_verdicts import settle, verdicts_of
from summarizer.cli.main import main
from summarizer.rendering import Format
from summarizer.rendering.verdicts import render_verdicts
from summarizer.schema import DraftUsage

ENGLISH = "Norvik buys *Zelba*\n\nNorvik bought Zelba for 40 million euros.\nThe council has not approved the sale.\n"
FRENCH = "Norvik rachète Zelba pour 40 millions d’euros.\nLe conseil n’a pas approuvé la vente, dit Norvik.\n"
ENGLISH_CLAIMS = """\
Norvik bought Zelba for 45 million euros.
- Norvik bought Zelba for 40 million euros.
The council has approved the sale.
"""
FRENCH_CLAIMS = """\
Norvik rachète Zelba.
Norvik vend Zelba pour 40 millions d’euros.
Norvik rachète Zelba pour 50 millions d’euros.
"""


def shown(text: str, claims: str, format: Format) -> str:
    article = Article.from_text(text, source="folder/a.txt")
    return render_verdicts(verdicts_of(claims, article), article, format)


# --- the formats -----------------------------------------------------------------------------------------------------


def test_text_has_a_verdict_for_each_claim_in_order_and_a_tally() -> None:
    assert (
        shown(ENGLISH, ENGLISH_CLAIMS, Format.TEXT)
        == """\
Norvik buys *Zelba*

1. unsupported (0.02): Norvik bought Zelba for 45 million euros.
    line 3: “Norvik bought Zelba for 40 million euros.”
    fault: '45 million euros' is not in the article, which says '40 million euros'

2. supported (0.97): Norvik bought Zelba for 40 million euros.
    line 3: “Norvik bought Zelba for 40 million euros.”

3. doubtful (0.31): The council has approved the sale.
    line 4: “The council has not approved the sale.”
    doubt: the claim says 'the council has approved the sale', the quote 'the council has not approved the sale': only one is negated

1 supported, 1 doubtful, 1 unsupported
checked against the article by rule; no model was used
"""  # noqa: E501
    )
    assert (
        shown(FRENCH, FRENCH_CLAIMS, Format.TEXT)
        == """\
Norvik rachète Zelba pour 40 millions d’euros.

1. supported (0.97): Norvik rachète Zelba.
    line 1: “Norvik rachète Zelba pour 40 millions d’euros.”

2. doubtful (0.53): Norvik vend Zelba pour 40 millions d’euros.
    line 1: “Norvik rachète Zelba pour 40 millions d’euros.”
    doubt: the claim rewords the article: 'vend' is not in these sentences

3. unsupported (0.02): Norvik rachète Zelba pour 50 millions d’euros.
    line 1: “Norvik rachète Zelba pour 40 millions d’euros.”
    fault: '50 millions d’euros' is not in the article, which says '40 millions d’euros'

1 supported, 1 doubtful, 1 unsupported
checked against the article by rule; no model was used
"""
    )


def test_markdown_marks_what_is_not_borne_out() -> None:
    assert (
        shown(ENGLISH, ENGLISH_CLAIMS, Format.MARKDOWN)
        == """\
# Norvik buys \\*Zelba\\*

1. **unsupported (0.02)**: Norvik bought Zelba for **45 million euros**.
    > “Norvik bought Zelba for 40 million euros.” (line 3)

    - fault: '45 million euros' is not in the article, which says '40 million euros'
2. **supported (0.97)**: Norvik bought Zelba for 40 million euros.
    > “Norvik bought Zelba for 40 million euros.” (line 3)
3. **doubtful (0.31)**: The council has approved the sale.
    > “The council has not approved the sale.” (line 4)

    - doubt: the claim says 'the council has approved the sale', the quote 'the council has not approved the sale': only one is negated

---

1 supported, 1 doubtful, 1 unsupported  
checked against the article by rule; no model was used
"""  # noqa: E501, W291
    )
    assert (
        shown(FRENCH, FRENCH_CLAIMS, Format.MARKDOWN)
        == """\
# Norvik rachète Zelba pour 40 millions d’euros.

1. **supported (0.97)**: Norvik rachète Zelba.
    > “Norvik rachète Zelba pour 40 millions d’euros.” (line 1)
2. **doubtful (0.53)**: Norvik **vend** Zelba pour 40 millions d’euros.
    > “Norvik rachète Zelba pour 40 millions d’euros.” (line 1)

    - doubt: the claim rewords the article: 'vend' is not in these sentences
3. **unsupported (0.02)**: Norvik rachète Zelba pour **50 millions d’euros**.
    > “Norvik rachète Zelba pour 40 millions d’euros.” (line 1)

    - fault: '50 millions d’euros' is not in the article, which says '40 millions d’euros'

---

1 supported, 1 doubtful, 1 unsupported  
checked against the article by rule; no model was used
"""  # noqa: W291
    )


def test_html_has_one_item_for_each_claim() -> None:
    body = shown(FRENCH, FRENCH_CLAIMS, Format.HTML).partition("<body>\n")[2]
    assert (
        body
        == """\
<header>
<h1 lang="fr" dir="ltr">Norvik rachète Zelba pour 40 millions d’euros.</h1>
</header>
<main>
<ol class="rows">
<li class="claim" id="claim-1"><span class="number">1</span>
<p><span class="status supported"><span aria-hidden="true">●</span> supported (0.97)</span></p>
<p dir="auto">Norvik rachète Zelba.</p>
<blockquote><span lang="fr" dir="auto">“Norvik rachète Zelba pour 40 millions d’euros.”</span> <span class="soft">line 1</span></blockquote>
</li>
<li class="claim" id="claim-2"><span class="number">2</span>
<p><span class="status doubtful"><span aria-hidden="true">◐</span> doubtful (0.53)</span></p>
<p dir="auto">Norvik <mark>vend</mark> Zelba pour 40 millions d’euros.</p>
<blockquote><span lang="fr" dir="auto">“Norvik rachète Zelba pour 40 millions d’euros.”</span> <span class="soft">line 1</span></blockquote>
<p class="why">doubt: the claim rewords the article: &#x27;vend&#x27; is not in these sentences</p>
</li>
<li class="claim" id="claim-3"><span class="number">3</span>
<p><span class="status unsupported"><span aria-hidden="true">✕</span> unsupported (0.02)</span></p>
<p dir="auto">Norvik rachète Zelba pour <mark>50 millions d’euros</mark>.</p>
<blockquote><span lang="fr" dir="auto">“Norvik rachète Zelba pour 40 millions d’euros.”</span> <span class="soft">line 1</span></blockquote>
<p class="why">fault: &#x27;50 millions d’euros&#x27; is not in the article, which says &#x27;40 millions d’euros&#x27;</p>
</li>
</ol>
<p>1 supported, 1 doubtful, 1 unsupported</p>
</main>
<footer lang="en" dir="ltr">
<p class="soft">checked against the article by rule; no model was used</p>
</footer>
</body>
</html>
"""  # noqa: E501
    )
    english = shown(ENGLISH, ENGLISH_CLAIMS, Format.HTML)
    assert "Norvik bought Zelba for <mark>45 million euros</mark>." in english
    assert "Takeaways" not in english and "Partnerships" not in english


def test_csv_has_a_row_for_each_claim() -> None:
    assert (
        shown(FRENCH, FRENCH_CLAIMS, Format.CSV).replace("\r\n", "\n")
        == """\
"number","claim","grade","score","settled_by","lines","quotes","reasons","source","title"
"1","Norvik rachète Zelba.","supported","0.97","","1","Norvik rachète Zelba pour 40 millions d’euros.","","folder/a.txt","Norvik rachète Zelba pour 40 millions d’euros."
"2","Norvik vend Zelba pour 40 millions d’euros.","doubtful","0.5333","","1","Norvik rachète Zelba pour 40 millions d’euros.","doubt: the claim rewords the article: 'vend' is not in these sentences","folder/a.txt","Norvik rachète Zelba pour 40 millions d’euros."
"3","Norvik rachète Zelba pour 50 millions d’euros.","unsupported","0.0205","","1","Norvik rachète Zelba pour 40 millions d’euros.","fault: '50 millions d’euros' is not in the article, which says '40 millions d’euros'","folder/a.txt","Norvik rachète Zelba pour 40 millions d’euros."
"""  # noqa: E501
    )


@pytest.mark.parametrize("format", [Format.JSON, Format.JSONL])
def test_json_is_the_verdicts(format: Format) -> None:
    result = json.loads(shown(ENGLISH, ENGLISH_CLAIMS, format))
    assert result["schema"] == "verdicts/1" and list(result) == ["schema", "verdicts"]
    assert [verdict["grade"] for verdict in result["verdicts"]] == ["unsupported", "supported", "doubtful"]
    assert [verdict["supported"] for verdict in result["verdicts"]] == [False, True, False]
    first = result["verdicts"][0]
    assert set(first) == {"claim", "grade", "supported", "score", "settled_by", "evidence", "reasons", "unproven"}
    assert first["evidence"] == [
        {"quote": "Norvik bought Zelba for 40 million euros.", "start": 21, "end": 62, "match": "verbatim"}
    ]
    assert first["reasons"] == [
        {
            "code": "number_not_in_evidence",
            "grade": "refuted",
            "message": "'45 million euros' is not in the article, which says '40 million euros'",
            "value": "45 million euros",
        }
    ]


@pytest.mark.parametrize("format", [Format.TEXT, Format.MARKDOWN, Format.HTML, Format.CSV])
def test_a_claim_never_acts(format: Format) -> None:
    claim = "=1+1 <script>alert(1)</script> \x1b[31m ![x](http://y)"
    result = shown(ENGLISH, claim, format)
    assert "\x1b" not in result
    assert format in (Format.TEXT, Format.CSV) or "<script>" not in result
    assert format is not Format.CSV or "\"'=1+1" in result
    assert format is not Format.MARKDOWN or "![x](" not in result


# --- drafted claims --------------------------------------------------------------------------------------------------

SAID = {"text": "Norvik rachète Zelba.", "quotes": ["Norvik rachète Zelba pour 40 millions d’euros."]}
WRONG = {"text": "Norvik rachète Zelba pour 50 millions d’euros.", "quotes": SAID["quotes"]}
LOST = {"text": "Le conseil a approuvé la vente.", "quotes": ["Le conseil n’a pas approuvé la vente"]}
PAIR = {"parties": ["Norvik", "Zelba"], "status": "established", "quotes": SAID["quotes"]}
BARE = {"text": "Norvik rachète Zelba."}


def test_a_drafted_claim_is_proven_by_its_quotes_in_the_order_given() -> None:
    claims = {"partnerships": [PAIR], "takeaways": [SAID, WRONG, LOST, BARE, 7]}
    verdicts = verdicts_of(json.dumps(claims), Article.from_text(FRENCH))
    assert [verdict.claim for verdict in verdicts] == [PAIR, SAID, WRONG, LOST, BARE["text"], {"value": 7}]
    assert [verdict.grade for verdict in verdicts] == [
        "doubtful",
        "supported",
        "unsupported",
        "doubtful",
        "supported",
        "unsupported",
    ]
    assert all(verdict.evidence for verdict in verdicts[:5])


def test_a_sentence_of_the_article_has_one_score_with_and_without_quotes() -> None:
    sentence = "Norvik rachète Zelba pour 40 millions d’euros."
    quoted = json.dumps({"takeaways": [{"text": sentence, "quotes": [sentence]}]})
    (with_quotes,), (bare,) = (verdicts_of(claims, Article.from_text(FRENCH)) for claims in (quoted, sentence))
    assert (with_quotes.grade, with_quotes.score) == (bare.grade, bare.score) == ("supported", 0.97)


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ("1. Norvik wins.\n2) Zelba loses.\n", ["Norvik wins.", "Zelba loses."]),
        ("1. FC Norvik wins.\nZelba loses.\n", ["1. FC Norvik wins.", "Zelba loses."]),
        ("• Norvik wins.\r\n\r\n– Zelba loses.\r\n-5 degrees.", ["Norvik wins.", "Zelba loses.", "-5 degrees."]),
    ],
)
def test_the_marks_of_a_list_are_no_part_of_a_claim(claims: str, told: list[str]) -> None:
    verdicts = verdicts_of(claims, Article.from_text(ENGLISH))
    assert [verdict.claim for verdict in verdicts] == told


def test_the_same_claim_twice_gets_the_same_verdict_twice() -> None:
    first, second = verdicts_of(json.dumps({"takeaways": [SAID, SAID]}), Article.from_text(FRENCH))
    assert first == second and first.supported


# --- the second look -------------------------------------------------------------------------------------------------


@dataclass
class Opinions:
    entailed: Sequence[bool | None]
    why: Sequence[str]
    usage: DraftUsage = field(default_factory=DraftUsage)


@dataclass
class Reviewer:
    """Answers yes, no and nothing in turn."""

    identity: str = "reviewer"
    model: str = "toy/reviewer"
    asked: list[list[Takeaway | Partnership]] = field(default_factory=list)

    async def verify(self, claims: Sequence[Takeaway | Partnership], language: str) -> Opinions:
        self.asked.append(list(claims))
        entailed = [(True, False, None)[i % 3] for i in range(len(claims))]
        return Opinions(entailed, ["it was refused" if answer is False else "" for answer in entailed])

    async def aclose(self) -> None:
        """Nothing is open."""


def test_a_second_look_settles_what_is_doubtful_and_nothing_else() -> None:
    article = Article.from_text(FRENCH)
    claims = {"takeaways": [SAID, WRONG, LOST], "partnerships": [PAIR, PAIR]}
    before, reviewer = verdicts_of(json.dumps(claims), article), Reviewer()
    after = asyncio.run(settle(before, reviewer))
    assert [verdict.grade for verdict in after] == ["supported", "unsupported", "supported", "unsupported", "doubtful"]
    assert [verdict.supported for verdict in after] == [True, False, True, False, False]
    assert [verdict.settled_by for verdict in after] == [None, None, "toy/reviewer", "toy/reviewer", None]
    assert after[:2] == before[:2] and after[4] == before[4]
    assert after[2].reasons == before[2].reasons  # what code doubted stays in sight
    assert (after[3].reasons[-1].code, after[3].reasons[-1].message) == ("not_entailed", "toy/reviewer: it was refused")
    ((first, *_),) = reviewer.asked
    assert first.evidence == before[2].evidence
    assert "supported (0.23, by toy/reviewer)" in render_verdicts(after, article, Format.TEXT)


def test_twenty_claims_go_in_one_request() -> None:
    claims = "\n".join(f"Norvik vend Zelba à une ville {'x' * i}." for i in range(1, 42))
    reviewer = Reviewer()
    asyncio.run(settle(verdicts_of(claims, Article.from_text(FRENCH)), reviewer))
    assert [len(batch) for batch in reviewer.asked] == [20, 20, 1]


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    article, claims = tmp_path / "a.txt", tmp_path / "claims.txt"
    article.write_text(ENGLISH, encoding="utf-8")
    claims.write_text(ENGLISH_CLAIMS, encoding="utf-8")
    return str(article), str(claims)


def test_strict_fails_where_any_claim_is_not_supported(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article, claims = files
    assert main(["check", article, claims]) == 0
    assert main(["check", "--strict", article, claims]) == 3
    (tmp_path / "claims.txt").write_text("The council has not approved the sale.\n", encoding="utf-8")
    assert main(["check", "--strict", article, claims]) == 0
    assert capsys.readouterr().err == ""


def test_the_verdicts_go_to_a_file_in_the_format_of_its_suffix(files: tuple[str, str], tmp_path: Path) -> None:
    assert main(["check", *files, "-o", str(tmp_path / "verdicts.json")]) == 0
    assert json.loads((tmp_path / "verdicts.json").read_text(encoding="utf-8"))["schema"] == "verdicts/1"


def test_a_model_is_asked_once_about_the_doubtful_claims(
    files: tuple[str, str], loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    server = loopback(answer({"opinions": [{"claim": 1, "entailed": False, "why": "it has not"}]}))
    status = main(["check", "-m", "openai/toy", "--base-url", server.url, *files])
    printed = capsys.readouterr()
    assert (status, server.count, printed.err) == (0, 1, "")
    asked = server.requests[0].body["messages"][-1]["content"]
    assert "The council has approved the sale." in asked and "45 million" not in asked
    assert "3. unsupported (0.31, by openai/toy): The council has approved the sale." in printed.out
    assert "    fault: openai/toy: it has not\n\n1 supported, 0 doubtful, 2 unsupported\n" in printed.out


def test_without_an_answer_the_verdicts_of_code_are_printed(
    files: tuple[str, str], loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    server = loopback(answer({"nothing": []}), answer({"nothing": []}), answer({"nothing": []}))
    assert main(["check", "-m", "openai/toy", "--base-url", server.url, *files]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("summarizer: no second look: ") and printed.err.count("\n") == 1
    assert "1 supported, 1 doubtful, 1 unsupported" in printed.out


# --- another language ------------------------------------------------------------------------------------------------

DATED = (
    "Norvik rachète Zelba\n\nNorvik a racheté Zelba pour 40 millions d’euros mardi 12 mai 2026 à Lyon. Le directeur, "
    "Jean Morel, a salué l’accord avec Christophe Colomb. Le conseil n’a pas approuvé la vente, dit la maison.\n"
)


@pytest.mark.parametrize(
    ("claim", "grade"),
    [
        ("Norvik has bought all of Zelba for 40 million euros.", "doubtful"),
        ("Norvik has bought all of Zelba for 45 million euros.", "unsupported"),
        ("The deal was closed on Tuesday, in the month of May.", "doubtful"),
        ("The deal was closed on Thursday, the company said.", "unsupported"),
        ("Norvik hat das Unternehmen im Oktober übernommen.", "unsupported"),
        ("Norvik hat das Unternehmen im Mai übernommen.", "doubtful"),
        ("The director, Jean Morel, has welcomed the deal.", "doubtful"),
        ("The director, Pierre Morel, has welcomed the deal.", "doubtful"),
        ("The director, Peter Halden, has welcomed the deal.", "unsupported"),
        ("It is a deal with Christopher Columbus, as they say.", "doubtful"),
        ("The White House has welcomed the deal, as they say.", "doubtful"),
        ("Norvik bought Zelba on Tuesday 12 May.", "doubtful"),
    ],
)
def test_numbers_dates_and_persons_refute_a_claim_in_another_language(claim: str, grade: str) -> None:
    (verdict,) = verdicts_of(claim, Article.from_text(DATED))
    assert verdict.grade == grade


def test_numeric_dates_and_other_scripts_refute_no_foreign_claim() -> None:
    numeric = Article.from_text("Norvik a racheté Zelba le 12/05/2026, selon la société, qui en est contente.")
    (verdict,) = verdicts_of("The company has bought Zelba in May, as it says.", numeric)
    assert verdict.grade == "doubtful"
    russian = Article.from_text("Владимир Зеленский встретился с президентом. Он сказал, что переговоры продолжаются.")
    (verdict,) = verdicts_of("Vladimir Zelensky has met the president, as he says.", russian)
    assert verdict.grade == "doubtful"


# --- what code sees, and what it does not mind ---------------------------------------------------------------------

HARBOUR = (
    "Harbour club rejects bid\n\n"
    "Dunmore beat Ashford 4-2 in the final on Saturday. Corlan made an offer for Brightwell Mills in March and "
    "withdrew it in May. The harbour club was refused a licence by the county council. The search for Ellen Marsh "
    "has been extended to the river. The museum earns almost half of its income from visitors. Workers began to "
    "leave the valley in the late 1970s. The fine could cost the club its stadium. The board has decided not to "
    "sell the old ferry. Analysts at Pell recommend selling the shares. The daily sailings fall from 9 to 6 in "
    "winter. The rate of crime in the town went up by 7 percent. Profit rose in the third quarter to 12 million "
    "euros, the company said. Two friends, Martin and Joan, found the boat. Rescuers were unable to reach the "
    "island because of the storm. William Carter founded the club in 1921. Burglars broke into the office at "
    "night. the mayor, anna lind, spoke on thursday. Neither company would confirm the price of 140 million "
    "pounds. Corlan paid 118 million euros to the state. Lender Nordal paid 35 million euros to the ferry "
    "workers. The council must still approve the plan. "
)


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("Ashford beat Dunmore 4-2 in the final on Saturday.", "role_conflict"),
        ("Dunmore beat Ashford 2-4 in the final.", "weak_evidence"),
        ("The harbour club refused a licence.", "weak_evidence"),
        ("The county council was refused a licence by the harbour club.", "weak_evidence"),
        ("Ellen Marsh has been extended to the river.", "weak_evidence"),
        ("The museum earns its income from visitors.", "modality_conflict"),
        ("The museum earns all of its income from visitors.", "modality_conflict"),
        ("Workers began to leave the valley in 1970.", "weak_evidence"),
        ("The fine costs the club its stadium.", "modality_conflict"),
        ("The board has decided to sell the old ferry.", "polarity_conflict"),
        ("Analysts at Pell recommend buying the shares.", "weak_evidence"),
        ("The daily sailings rise from 6 to 9 in winter.", "polarity_conflict"),
        ("The daily sailings fall from 6 to 9 in winter.", "number_not_in_evidence"),
        ("The rate of crime in the town went down by 7 percent.", "polarity_conflict"),
        ("the mayor, anna berg, spoke on thursday.", "weak_evidence"),
        ("The mayor, Anna Lind, spoke on Friday.", "date_not_in_evidence"),
        ("The companies confirmed the price of 140 million pounds.", "polarity_conflict"),
        ("Nordal paid 118 million euros to the ferry workers.", "number_not_in_evidence"),
        ("The council has approved the plan.", "weak_evidence"),
        ("Burglars broke into the office by day.", "weak_evidence"),
        ("Rescuers reached the island because of the storm.", "weak_evidence"),
        ("Two friends, Martin and Jill, found the boat.", "name_not_in_evidence"),
        ("The fine will cost the club its stadium.", "modality_conflict"),
        ("Corlan bought Brightwell Mills.", "weak_evidence"),
    ],
)
def test_a_false_claim_in_the_words_of_the_article_is_not_supported(claim: str, code: str) -> None:
    (verdict,) = verdicts_of(claim, Article.from_text(HARBOUR))
    assert verdict.grade != "supported" and verdict.score < 0.6
    assert code in {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    "claim",
    [
        "Profit rose in Q3 to 12 million euros.",
        "Thieves broke into the office at night.",
        "Villagers began to leave the valley in the late 1970s.",
        "Police extended the search for Ellen Marsh to the river.",
        "Rescuers could not reach the island because of the storm.",
        "Martin and Joan, two friends, found the boat.",
        "Bill Carter founded the club in 1921.",
        "Corlan offered to buy Brightwell Mills, but withdrew in May.",
        "Despite an offer in March, Corlan did not buy Brightwell Mills.",
        "The storm prevented rescuers from reaching the island.",
        "The problem for the club is that the fine could cost it its stadium.",
        "Three goals apart? No: Dunmore won 4-2 against Ashford.",
        "The final was won by Dunmore, 4-2.",
        "However, the board will not sell the old ferry.",
        "Approval of the plan by the council is delayed.",
    ],
)
def test_a_true_claim_in_other_words_is_not_unsupported(claim: str) -> None:
    (verdict,) = verdicts_of(claim, Article.from_text(HARBOUR))
    assert verdict.grade == "doubtful"


@pytest.mark.parametrize(
    "claim",
    [
        "Thieves broke into the office at night.",
        "Villagers began to leave the valley in the late 1970s.",
        "Police extended the search for Ellen Marsh to the river.",
        "Fishermen were unable to reach the island because of the storm.",
    ],
)
def test_an_ordinary_word_that_opens_a_claim_is_no_name(claim: str) -> None:
    (verdict,) = verdicts_of(claim, Article.from_text(HARBOUR))
    assert [reason.code for reason in verdict.reasons] == ["weak_evidence"]


@pytest.mark.parametrize(
    ("sentence", "claim", "lost"),
    [
        ("Corlan sold the last of its mills in May.", "Corlan sold its mills last year.", False),
        ("In May Corlan could sell the last of its mills.", "Corlan sold the last of its mills.", True),
        ("In May, Corlan may sell the last of its mills.", "Corlan sold the last of its mills.", True),
    ],
)
def test_a_month_is_no_possibility(sentence: str, claim: str, lost: bool) -> None:
    (verdict,) = verdicts_of(claim, Article.from_text(f"Mills\n\n{sentence} The town hopes for work."))
    assert ("modality_conflict" in {reason.code for reason in verdict.reasons}) == lost


# --- many articles ---------------------------------------------------------------------------------------------------

SOLD = "Norvik sold Zelba."
BOUGHT = "Norvik bought Zelba for 40 million euros."


def listed(folder: Path, *rows: object) -> str:
    """Write a list, its first line blank, and return its name."""
    (folder / "a.txt").write_text(ENGLISH, encoding="utf-8")
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    (folder / "list.jsonl").write_text("\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / "list.jsonl")


@pytest.mark.parametrize(
    ("row", "grades"),
    [
        ({"article": ENGLISH, "claims": [BOUGHT, SOLD]}, ["supported", "doubtful"]),
        ({"article": "a.txt", "claims": [BOUGHT]}, ["supported"]),
        ({"article": {"text": ENGLISH, "title": "Norvik"}, "claims": BOUGHT + "\n" + SOLD}, ["supported", "doubtful"]),
        ({"text": ENGLISH, "claims": [{"text": BOUGHT, "quotes": [BOUGHT]}]}, ["supported"]),
        ({"article": ENGLISH, "claims": {"takeaways": [BOUGHT, {"text": SOLD}]}}, ["supported", "doubtful"]),
        (
            {
                "article": BOUGHT,
                "claims": [{"parties": ["Norvik", "Nobody"], "status": "established", "quotes": [BOUGHT]}],
            },
            ["unsupported"],
        ),
    ],
    ids=["text", "path beside the list", "object", "row of an article", "draft", "partnership"],
)
def test_a_line_has_an_article_and_its_claims(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: dict[str, object], grades: list[str]
) -> None:
    assert main(["check", "-q", "-f", "jsonl", listed(tmp_path, {**row, "id": "n 1"})]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert [verdict["grade"] for verdict in result["verdicts"]] == grades
    assert result["article"]["source"] == "n 1"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{bad", "is not JSON"),
        ("[1]", "is no JSON object"),
        ({"claims": [SOLD]}, 'has no "article"'),
        ({"article": "  ", "claims": [SOLD]}, 'has no "article"'),
        ({"article": {"title": "x"}, "claims": [SOLD]}, 'has no "text"'),
        ({"article": ENGLISH}, 'has no "claims"'),
        ({"article": ENGLISH, "claims": 3}, '"claims" is neither'),
        ({"article": ENGLISH, "claims": []}, "there are no claims"),
        ({"article": ENGLISH, "claims": " "}, "there are no claims"),
        ({"article": ENGLISH, "claims": [1]}, "not an object"),
        ({"article": "lost.txt", "claims": [SOLD]}, "there is no file 'lost.txt'"),
        ({"article": "empty.txt", "claims": [SOLD]}, "empty.txt"),
    ],
)
def test_the_error_of_one_line_names_it_and_the_others_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: object, said: str
) -> None:
    (tmp_path / "empty.txt").touch()
    good = {"article": ENGLISH, "claims": [BOUGHT]}
    name = listed(tmp_path, good, row, good)
    assert main(["check", "-q", "-f", "jsonl", name]) == 1
    printed = capsys.readouterr()
    first, second, third = map(json.loads, printed.out.splitlines())
    assert first["verdicts"] == third["verdicts"] and first["verdicts"][0]["supported"]
    assert second["schema"] == "failure/1" and second["message"].startswith(f"{name}:3")
    assert said in second["message"] and f"summarizer: {second['message']}\n" == printed.err


def test_articles_are_named_with_their_claims(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *files, *files]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("1 supported, 1 doubtful, 1 unsupported\n") == 2
    assert printed.err == "summarizer: 6 claims: 2 supported, 2 doubtful, 2 unsupported\n"
    assert main(["check", "--strict", "-q", "-f", "json", *files, *files]) == 3
    assert [len(result["verdicts"]) for result in json.loads(capsys.readouterr().out)] == [3, 3]
    assert main(["check", "-q", *files, files[0], "lost.txt"]) == 1
    assert "cannot read the claims 'lost.txt'" in capsys.readouterr().err
    assert main(["check", *files, files[0]]) == 2
    assert "has no claims" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["txt", "json", "html", "md", "csv"])
def test_a_folder_gets_a_file_for_each_article_and_no_article_is_overwritten(tmp_path: Path, suffix: str) -> None:
    row = {"article": "a.txt", "claims": [BOUGHT]}
    name = listed(tmp_path, row, row, {**row, "id": "../b"})
    format = {"txt": "text", "md": "markdown"}.get(suffix, suffix)
    before = {path.name for path in tmp_path.iterdir()}
    assert main(["check", "-q", "-f", format, "-o", f"{tmp_path}/", name]) == 0
    made = {path.name for path in tmp_path.iterdir()} - before
    assert made == {f"a.verdicts.{suffix}", f"a-2.verdicts.{suffix}", f"b.verdicts.{suffix}"}
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == ENGLISH


def test_many_articles_make_one_table_and_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = listed(tmp_path, *({"article": "a.txt", "claims": [BOUGHT, SOLD]} for _ in range(3)))
    assert main(["check", "-q", "-f", "csv", "-o", str(tmp_path / "all.csv"), name]) == 0
    assert len((tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()) == 7
    assert main(["check", "-q", "-f", "html", name]) == 2
    assert "give a folder" in capsys.readouterr().err


def test_an_empty_list_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", listed(tmp_path)]) == 1
    assert "the list is empty" in capsys.readouterr().err


def test_a_model_that_is_gone_is_asked_no_more(
    tmp_path: Path, loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    server = loopback(error(401, "no such key"))
    name = listed(tmp_path, *({"article": "a.txt", "claims": [SOLD]} for _ in range(3)))
    assert main(["check", "-q", "-m", "openai/toy", "--base-url", server.url, name]) == 1
    printed = capsys.readouterr()
    assert (server.count, printed.err.count("\n")) == (1, 1)
    assert printed.out.count("0 supported, 1 doubtful, 0 unsupported") == 3


def test_every_word_that_is_not_borne_out_is_marked() -> None:
    claim = "Der Stadtrat hat Zelba für Ölpreise abgelehnt."
    article = Article.from_text("Der Stadtrat hat den Verkauf von Zelba lange beraten.\nDie Sitzung war öffentlich.")
    (verdict,) = verdicts_of(claim, article)
    assert verdict.unproven == ("Ölpreise", "abgelehnt")
    assert "<mark>Ölpreise</mark> <mark>abgelehnt</mark>." in render_verdicts([verdict], article, Format.HTML)
    terminal = render_verdicts([verdict], article, Format.TEXT, width=40, color=True)
    assert "\x1b[1;4mÖlpreise\x1b[0m \x1b[1;4mabgelehnt\x1b[0m" in terminal
    assert max(map(len, render_verdicts([verdict], article, Format.TEXT, width=40).splitlines())) <= 40
    assert terminal.count("\n\n") == 2
