"""`summarizer golden` as a person uses it: from an article to a test that fails where a fact changed."""

import asyncio
import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from loopback import Loopback, answer

from summarizer.cli import main
from summarizer.cli.main import parse
from summarizer.evaluation import Case, CaseResult, Change, changes, junit, read_case, record, replayed
from summarizer.evaluation.cases import Facts
from summarizer.language.sentences import sentences
from summarizer.loading import load
from summarizer.schema import Draft, Evidence, Passage, Status, Takeaway

FIXTURES = Path(__file__).parent.parent / "fixtures"
APPLE = FIXTURES / "apple-alibaba"
BRACKWELL = FIXTURES / "brackwell-brief"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to stand in."""
    with contextlib.chdir(tmp_path):
        yield tmp_path


@pytest.fixture
def golden(home: Path) -> Path:
    """A folder of cases with one in it, reviewed by hand."""
    shutil.copytree(BRACKWELL, home / "golden" / "brackwell")
    return home / "golden" / "brackwell"


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def loaded(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def established(draft: dict[str, Any]) -> None:
    draft["partnerships"][1]["status"] = "established"


# --- add -------------------------------------------------------------------------------------------------------


def test_add_makes_a_case_that_says_who_answered_and_plays_back_the_same(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["golden", "add", "-m", "extractive", "--name", "mine", str(APPLE / "article.txt")]) == 0
    case = home / "golden" / "mine"
    assert sorted(path.name for path in case.iterdir()) == ["article.txt", "draft.json", "expected.json"]
    recorded = loaded(case / "draft.json")["recorded"]
    assert (recorded["model"], recorded["output_language"], recorded["takeaways"]) == ("extractive", "fr", 5)
    gold = loaded(case / "expected.json")
    assert gold["reviewed"] is None and gold["partnerships"]
    said = capsys.readouterr()
    assert said.out.startswith("golden/mine: ") and said.out.endswith("answered by extractive\n")
    assert "not reviewed yet: run `summarizer golden review" in said.err
    assert main(["golden", "run"]) == 0
    assert ", 1 as approved, 1 not reviewed yet, " in capsys.readouterr().out
    assert main(["eval", "-m", "extractive"]) == 0
    assert "1 of 1 golds are unreviewed answers of a model" in capsys.readouterr().err


def test_add_refuses_to_write_over_a_case_unless_it_is_forced(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (golden / "expected.json").read_bytes()
    asked = ["golden", "add", "-q", "-m", "extractive", "--name", "brackwell", str(BRACKWELL / "article.txt")]
    assert main(asked) == 2
    assert "there is a case in 'golden/brackwell' already: --force" in capsys.readouterr().err
    assert (golden / "expected.json").read_bytes() == before
    assert main([*asked, "--force"]) == 0
    assert loaded(golden / "expected.json")["reviewed"] is None


def test_add_goes_on_where_one_article_cannot_be_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["golden", "add", "-q", "-m", "extractive", "missing.txt", str(BRACKWELL / "article.txt")]) == 1
    assert "missing.txt" in capsys.readouterr().err
    (made,) = (home / "golden").iterdir()
    assert made.name.startswith("leeds-march-3"), "named after its title, for its file says nothing"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((), "`golden add` needs an ARTICLE"), (("--name", "x", "a.txt", "b.txt"), "--name names one case")],
)
def test_add_says_what_it_wants(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert main(["golden", "add", "-m", "extractive", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_add_records_what_was_repaired_so_that_the_replay_needs_nobody(
    home: Path, loopback: Callable[..., Loopback]
) -> None:
    quote = "Skarvair about a joint schedule from Aberdeen"
    claim = {"parties": ["Brackwell Air", "Skarvair"], "status": "in_talks"}
    good = [
        "The airline is in talks with Faroese operator Skarvair about a joint schedule from Aberdeen",
        "Regional airline Brackwell Air said on\nTuesday it was ending its code-share agreement",
    ]
    server = loopback(
        answer({"takeaways": [], "partnerships": [{**claim, "quotes": [f"Brackwell Air and {quote}"]}]}),
        answer({"takeaways": [], "partnerships": [{**claim, "quotes": good}]}),
    )
    asked = ["golden", "add", "-q", "--no-cache", "-m", "toy", "--base-url", server.url, "--name", "repaired"]
    assert main([*asked, str(BRACKWELL / "article.txt")]) == 0
    case = home / "golden" / "repaired"
    assert [pact["quotes"] == good for pact in loaded(case / "draft.json")["partnerships"]] == [True, False]
    assert [pact["parties"] for pact in loaded(case / "expected.json")["partnerships"]] == [
        ["Brackwell Air", "Skarvair"]
    ]
    assert len(server.requests) == 2
    assert main(["golden", "run"]) == 0
    assert len(server.requests) == 2


class LongWinded:
    """Reads passages of a few hundred characters, says one thing of each, and chooses the last ones over the whole."""

    model, identity, prompt, window = "long", "long", None, 400

    async def draft(self, passage: Passage) -> Draft:
        first = next(one for one in sentences(passage.text) if one.end - one.start > 60)
        words = passage.text[first.start : first.end]
        return Draft.model_validate({"takeaways": [{"text": " ".join(words.split()), "quotes": [words]}]})

    async def choose(self, told: Sequence[Takeaway], takeaways: int, title: str | None, language: str) -> Draft:
        chosen = [{"text": one.text, "quotes": [one.evidence[0].quote]} for one in told[::-1][:takeaways]]
        return Draft.model_validate({"takeaways": chosen})

    async def aclose(self) -> None:
        pass


def test_the_takeaways_that_were_chosen_over_a_long_article_are_those_of_its_case(home: Path) -> None:
    article = load(BRACKWELL / "article.txt")
    case, summary = asyncio.run(record(article, LongWinded(), home / "golden" / "long", language=None, takeaways=2))
    assert summary.provenance.passages > 2 and len(summary.takeaways) == 2
    assert case.gold.takeaways == summary.takeaways == replayed(case).takeaways
    assert len(case.required_draft["takeaways"]) > 2, "what was not chosen is recorded too"


# --- run, diff, approve ----------------------------------------------------------------------------------------


def test_run_is_silent_about_what_is_the_same_and_exits_with_1_where_a_fact_changed(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["golden", "run"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "same     brackwell"
    rewrite(golden / "draft.json", established)
    assert main(["golden", "run"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "changed  brackwell: 1 fact changed"
    assert "`summarizer golden approve` accepts them" in said.err
    assert main(["golden", "diff", "brackwell"]) == 1
    assert capsys.readouterr().out == (
        "brackwell: 1 fact changed\n  partnership lost: Brackwell Air + Skarvair (in_talks)\n"
    )


def test_a_gold_that_is_not_the_articles_words_is_faulty(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def shift(gold: dict[str, Any]) -> None:
        gold["takeaways"][0]["evidence"][0]["start"] += 1

    rewrite(golden / "expected.json", shift)
    assert main(["golden", "run"]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "faulty   brackwell: 1 fault of the gold"
    assert "correct them in expected.json by hand" in told.err
    assert main(["golden", "diff"]) == 1
    assert "fault: takeaway 0: the quote 'Regional airline" in capsys.readouterr().out


def test_one_case_that_cannot_be_played_does_not_stop_the_others(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(APPLE, golden.parent / "apple")
    (golden / "draft.json").unlink()
    assert main(["golden", "run", "--junit", "out.xml"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "same     apple"
    assert lines[1].startswith("failed   brackwell: the case 'golden/brackwell' has no draft.json to replay")
    suite = read_xml(Path("out.xml").read_text(encoding="utf-8"))[0]
    assert suite.attrib["tests"] == "2" and suite.attrib["errors"] == "1"
    assert [[child.tag for child in case] for case in suite] == [[], ["error"]]


def test_junit_has_what_changed_even_where_it_is_hostile() -> None:
    hostile = Change("takeaway gained", "<b>&]]>\x1b[31m")
    document = junit([CaseResult("a<b>\x00", changes=(hostile,), faults=("no evidence",))])
    (case,) = read_xml(document)[0]
    (failure,) = case
    assert case.attrib["name"] == "a<b>␀"
    assert failure.attrib == {"type": "faulty", "message": "1 fault of the gold, 1 fact changed"}
    assert failure.text == "fault: no evidence\ntakeaway gained: <b>&]]>␛[31m"


def read_xml(document: str) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - written a line above, by us


def test_what_changed_in_a_held_out_case_is_counted_and_not_shown_unasked(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(golden / "expected.json", lambda gold: gold.update(held_out=True))
    rewrite(golden / "draft.json", established)
    assert main(["golden", "diff"]) == 1
    assert capsys.readouterr().out == (
        "brackwell: 1 fact changed\n  held out: not shown, so that no rule is tuned on it\n"
    )
    assert main(["golden", "diff", "--held-out"]) == 1
    assert "Skarvair" in capsys.readouterr().out


def test_approve_leaves_what_a_person_wrote_and_notes_beside_it_what_the_program_gives(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, honest = (golden / "expected.json").read_bytes(), (golden / "draft.json").read_bytes()
    rewrite(golden / "draft.json", established)
    assert main(["golden", "approve"]) == 0
    assert capsys.readouterr().out == "brackwell: approved, golden/brackwell/approved.json\n"
    assert (golden / "expected.json").read_bytes() == gold
    assert main(["golden", "run"]) == 0
    (golden / "draft.json").write_bytes(honest)
    assert main(["golden", "run"]) == 1, "what was lost is back, and that is a change too"
    assert main(["golden", "approve", "brackwell"]) == 0
    assert not (golden / "approved.json").exists()
    assert main(["golden", "run"]) == 0
    capsys.readouterr()
    assert main(["golden", "approve"]) == 0
    assert capsys.readouterr().out == ""


def test_approve_writes_a_gold_anew_behind_which_nobody_stands(golden: Path) -> None:
    rewrite(golden / "expected.json", lambda gold: gold.update(reviewed=None))
    rewrite(golden / "draft.json", established)
    assert main(["golden", "approve"]) == 0
    gold = loaded(golden / "expected.json")
    assert [pact["status"] for pact in gold["partnerships"]] == ["ended", "denied"]
    assert gold["reviewed"] is None and len(gold["rejected"]) == 4
    assert not (golden / "approved.json").exists()


def test_a_model_that_is_named_is_asked_anew(
    golden: Path, loopback: Callable[..., Loopback], capsys: pytest.CaptureFixture[str]
) -> None:
    server = loopback(answer({"takeaways": [], "partnerships": []}))
    asked = ["golden", "diff", "--no-cache", "-m", "toy", "--base-url", server.url]
    assert main(asked) == 1
    assert "partnership lost: Brackwell Air + Nordvinge (ended)" in capsys.readouterr().out
    assert len(server.requests) == 1


def test_no_cases_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["golden", "run"]) == 1
    assert capsys.readouterr().err == (
        "summarizer: there are no golden cases in 'golden': make one with `summarizer golden add ARTICLE`, "
        "or name a folder of them\n"
    )


BROKEN = {
    "expected.json": ("[]", "is not a JSON object"),
    "draft.json": ("nonsense", "is not JSON"),
    "approved.json": ('{"partnerships": [{"parties": ["A"]}]}', "is not valid: partnerships.0.status"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_broken_is_one_line(golden: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    content, says = BROKEN[name]
    (golden / name).write_text(content)
    assert main(["golden", "run"]) == 1
    assert says in capsys.readouterr().out.splitlines()[0]


# --- facts -----------------------------------------------------------------------------------------------------

CASE = read_case(BRACKWELL)


def replaced(kind: str, at: int, **changed: Any) -> Facts:
    claims = list(getattr(CASE.gold, kind))
    claims[at] = claims[at].model_copy(update=changed)
    return Facts(**{"takeaways": CASE.gold.takeaways, "partnerships": CASE.gold.partnerships, kind: tuple(claims)})


def place(quote: str) -> tuple[Evidence, ...]:
    start = CASE.article.text.index(quote)
    return (Evidence(quote=quote, start=start, end=start + len(quote), match="verbatim"),)


CARRIED = CASE.gold.takeaways[2].text
DENIED = (
    "“She denied a report in the Humber Gazette that Brackwell Air would share maintenance hangars with Castlegate "
    "Airways, its larger rival at Leeds.”"
)
UNSTOPPED = CARRIED.rstrip(".")
FACTS = {
    "a status": (
        replaced("partnerships", 1, status=Status.ESTABLISHED),
        ["status changed: Brackwell Air + Skarvair: in_talks → established"],
    ),
    "a party more": (
        replaced("partnerships", 1, parties=("Brackwell Air", "Skarvair", "Calder Bank")),
        ["parties changed: in_talks: Brackwell Air + Skarvair → Brackwell Air + Skarvair + Calder Bank"],
    ),
    "a region": (
        replaced("partnerships", 0, region=None),
        ["region changed: Brackwell Air + Nordvinge: North Sea → –"],
    ),
    "a date": (
        replaced("partnerships", 0, date="June 3"),
        ["date changed: Brackwell Air + Nordvinge: June 30 → June 3"],
    ),
    "where the proof of a partnership stands": (
        replaced("partnerships", 2, evidence=CASE.gold.partnerships[2].evidence[:1]),
        [
            f"evidence moved: Brackwell Air + Castlegate Airways: {DENIED} … ““There is no arrangement of any kind "
            f"with Castlegate,” Denholm said.” → {DENIED}"
        ],
    ),
    "where the proof of a takeaway stands": (
        replaced("takeaways", 2, evidence=place("closed 3.1\npercent lower at 212 pence")),
        [
            f"evidence moved: {UNSTOPPED}: “Brackwell Air, which carried 1.9 million passengers in 2025, 6 percent "
            "fewer than a year earlier” → “closed 3.1 percent lower at 212 pence”"
        ],
    ),
    "a figure of a takeaway": (
        replaced("takeaways", 2, text=CARRIED.replace("6 percent", "9 percent")),
        [f"figures changed: {UNSTOPPED}: 1.9 million, 2025, 6 percent → 1.9 million, 2025, 9 percent"],
    ),
    "one lost": (
        Facts(takeaways=CASE.gold.takeaways[:3], partnerships=CASE.gold.partnerships),
        [f"takeaway lost: {CASE.gold.takeaways[3].text}"],
    ),
    "one gained": (
        Facts(
            takeaways=(
                *CASE.gold.takeaways,
                Takeaway(text="The licence was renewed.", evidence=place("renewed the airline’s operating\nlicence")),
            ),
            partnerships=CASE.gold.partnerships,
        ),
        ["takeaway gained: The licence was renewed."],
    ),
}


@pytest.mark.parametrize("what", FACTS)
def test_a_fact_that_changed_is_told_as_what_it_is(what: str) -> None:
    after, expected = FACTS[what]
    assert [str(change) for change in changes(CASE.gold, after, CASE.article)] == expected


WORDS = {
    "a paraphrase": replaced(
        "takeaways", 0, text="The code-share of Brackwell Air with Nordvinge is over as of June 30."
    ),
    "another purpose": replaced("partnerships", 0, purpose="flying together"),
    "the other order": replaced("partnerships", 0, parties=("Nordvinge", "Brackwell Air")),
    "a short name": replaced("partnerships", 2, parties=("Brackwell Air", "Castlegate")),
    "a shorter quote of the same words": replaced(
        "takeaways", 3, evidence=place("share\nmaintenance hangars with Castlegate Airways")
    ),
    "other claims first": Facts(takeaways=CASE.gold.takeaways[::-1], partnerships=CASE.gold.partnerships[::-1]),
}


@pytest.mark.parametrize("what", WORDS)
def test_other_words_for_the_same_are_no_change(what: str) -> None:
    assert changes(CASE.gold, WORDS[what], CASE.article) == []


# --- review ----------------------------------------------------------------------------------------------------


def review(case: Path, *answers: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH")}
    return subprocess.run(
        [sys.executable, "-m", "summarizer", "golden", "review", str(case), "--by", "Ada"],
        input="\n".join(answers) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**environment, "HOME": str(case.parent), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"},
        check=False,
    )


@pytest.fixture
def unreviewed(golden: Path) -> Case:
    """A case as `add` leaves it: what the proof kept of the answer, and nobody's word on it."""
    rewrite(golden / "expected.json", lambda gold: gold.update(reviewed=None, rejected=[], not_partnerships=[]))
    return read_case(golden)


def test_a_review_that_is_quit_keeps_what_was_said_and_goes_on_from_there(unreviewed: Case) -> None:
    first = review(unreviewed.folder, "a", "r", "q")
    assert first.returncode == 0
    assert "the review so far is saved" in first.stderr
    assert "[1/10] takeaway: Brackwell Air is ending" in first.stdout
    assert "⟦Regional airline Brackwell Air said on Tuesday it was" in first.stdout
    half = loaded(unreviewed.folder / "expected.json")
    assert len(half["takeaways"]) == 3 and half["reviewed"]["done"] is False
    second = review(unreviewed.folder, *"aa", "a", "a", "a", *"aaa", "")
    assert "[1/8] takeaway: Brackwell Air carried 1.9 million" in second.stdout
    assert (second.returncode, second.stderr) == (0, "")
    done = loaded(unreviewed.folder / "expected.json")
    assert done["reviewed"].keys() == {"by", "on"} and done["reviewed"]["by"] == "Ada"
    assert done["takeaways"] == half["takeaways"] and len(done["partnerships"]) == 3
    assert "the program differs from that in 1 fact:" in second.stdout


def test_a_claim_is_mended_and_held_against_the_article(unreviewed: Case) -> None:
    quote = (
        "Regional airline Brackwell Air said on Tuesday it was ending its code-share agreement with Danish carrier "
        "Nordvinge on June 30"
    )
    lie, truth = (
        "Brackwell Air is ending its pact with Nordvinge on June 3.",
        "Brackwell Air ends its code-share with Nordvinge on June 30.",
    )
    done = review(unreviewed.folder, "m", lie, quote, "", "n", "m", truth, quote, "", "q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the article does not prove it: '3' is not in the quoted words" in done.stdout
    gold = loaded(unreviewed.folder / "expected.json")
    assert gold["takeaways"][0]["text"] == truth
    article = unreviewed.article.text
    assert all(article[e["start"] : e["end"]] == e["quote"] for e in gold["takeaways"][0]["evidence"])
    again = review(unreviewed.folder, "q")
    assert "[1/9] takeaway: Brackwell Air is in talks" in again.stdout, "what was mended is settled"


def test_a_rejected_partnership_becomes_a_trap_and_a_missing_one_is_added(unreviewed: Case) -> None:
    talks = "The airline is in talks with Faroese operator Skarvair about a joint schedule from Aberdeen"
    named = "Regional airline Brackwell Air said on Tuesday it was ending its code-share agreement"
    parts = [
        "Brackwell Air; Skarvair",
        "nonsense",
        "in_talks",
        "a joint schedule",
        "Aberdeen",
        "",
        "",
        talks,
        named,
        "",
    ]
    done = review(unreviewed.folder, *"aaaa", "a", "r", "customs?", "customer", "a", *"aaa", "p", *parts, "")
    assert done.returncode == 0, done.stdout + done.stderr
    gold = loaded(unreviewed.folder / "expected.json")
    assert [(trap["parties"], trap["kind"]) for trap in gold["not_partnerships"]] == [
        (["Brackwell Air", "Skarvair"], "customer")
    ]
    assert gold["partnerships"][-1]["parties"] == ["Brackwell Air", "Skarvair"]
    assert gold["partnerships"][-1]["region"] == "Aberdeen"


def test_what_the_proof_rejected_can_be_kept_by_a_person_if_its_quotes_are_there(unreviewed: Case) -> None:
    done = review(unreviewed.folder, *"aaaa", *"aaa", "k", "n", "k", "y", "q")
    assert "rejected by the proof:" in done.stdout
    gold = loaded(unreviewed.folder / "expected.json")
    assert len(gold["takeaways"]) == 5
    assert gold["takeaways"][-1]["evidence"]


def test_what_a_person_wrote_beside_the_gold_stays(unreviewed: Case) -> None:
    rewrite(
        unreviewed.folder / "expected.json",
        lambda gold: gold.update(note="seen on paper", aliases=[["Brackwell", "BA"]]),
    )
    review(unreviewed.folder, "a", "q")
    gold = loaded(unreviewed.folder / "expected.json")
    assert (gold["note"], gold["aliases"]) == ("seen on paper", [["Brackwell", "BA"]])


def test_a_case_that_was_reviewed_is_passed_over_unless_it_is_named_alone(golden: Path) -> None:
    shutil.copytree(APPLE, golden.parent / "apple")
    assert review(golden.parent).stdout == ""
    assert "[1/10] takeaway" in review(golden, "q").stdout


# --- what the README says --------------------------------------------------------------------------------------


def test_the_lines_of_the_readme_run(home: Path) -> None:
    readme = (FIXTURES.parent / "summarizer/evaluation/README.md").read_text(encoding="utf-8")
    block = readme.partition("## Cases of your own")[2].partition("```sh\n")[2].partition("```")[0]
    lines = [shlex.split(line, comments=True)[1:] for line in block.splitlines()]
    assert [line[1] for line in lines] == ["add", "review", "run", "diff", "approve"]
    shutil.copy(BRACKWELL / "article.txt", "brief.txt")
    for line in lines:
        if line[1] == "review":
            assert review(home / "golden" / "brief", "q").returncode == 0
        else:
            assert main([word.replace("openai/gpt-5.4-mini", "extractive") for word in line]) == 0
    assert Path("golden.xml").is_file() and Path("golden/brief/expected.json").is_file()


def test_the_evaluations_of_the_readme_are_understood() -> None:
    readme = (FIXTURES.parent / "summarizer/evaluation/README.md").read_text(encoding="utf-8")
    block = readme.partition("## Is it better now?")[2].partition("```sh\n")[2].partition("```")[0]
    asked = [parse(shlex.split(line, comments=True)[1:]) for line in block.splitlines()]
    assert [(one.command, one.folder) for one in asked] == [("eval", "golden")] * 3
