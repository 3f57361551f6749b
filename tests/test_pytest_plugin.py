"""The plugin in a project of somebody else: one line, and each golden case is a test."""

import json
import shutil
from pathlib import Path

import pytest

from summarizer.evaluation import find_cases

pytest_plugins = ["pytester"]

FIXTURES = Path(__file__).parent.parent / "fixtures"
ONE_LINE = 'pytest_plugins = ["summarizer.pytest_plugin"]'

INI = "[pytest]\naddopts = -p no:hypothesispytest -p no:inline_snapshot -p no:anyio\n"
"""The plugins of our own tests are not asked for: they take most of the time."""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with two cases and the one line."""
    pytester.makeini(INI)
    pytester.makeconftest(ONE_LINE)
    for slug in ("brackwell-brief", "duinzaad-interview"):
        shutil.copytree(FIXTURES / slug, pytester.path / "golden" / slug)
    assert len(find_cases(pytester.path / "golden")) == 2  # and what it imports stays for all projects
    return pytester


def change(pytester: pytest.Pytester, slug: str, before: str, after: str) -> None:
    path = pytester.path / "golden" / slug / "draft.json"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_each_case_is_a_test(project: pytest.Pytester) -> None:
    done = project.runpytest_inprocess("-v")
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["golden/brackwell-brief/expected.json::facts PASSED*"])


def test_a_fact_that_changed_fails_and_says_what_and_what_to_do(project: pytest.Pytester) -> None:
    change(project, "brackwell-brief", '"in_talks"', '"established"')
    done = project.runpytest_inprocess()
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            "brackwell-brief: 1 fact changed",
            "  partnership lost: Brackwell Air + Skarvair (in_talks)",
            "`summarizer golden approve *brackwell-brief` accepts the change",
        ]
    )
    assert "Traceback" not in done.stdout.str()


def test_other_words_for_the_same_change_nothing(project: pytest.Pytester) -> None:
    change(
        project,
        "brackwell-brief",
        "citing weak demand on North Sea routes.",
        "because of weak demand on North Sea routes.",
    )
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_without_the_line_nothing_is_collected(project: pytest.Pytester) -> None:
    project.makeconftest("")
    project.runpytest_inprocess().assert_outcomes()


def test_other_json_files_of_that_name_are_none_of_ours(project: pytest.Pytester) -> None:
    (project.path / "other").mkdir()
    (project.path / "other" / "expected.json").write_text("[]")
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_a_case_that_cannot_be_read_fails_with_the_reason(project: pytest.Pytester) -> None:
    (project.path / "golden" / "brackwell-brief" / "article.txt").unlink()
    done = project.runpytest_inprocess()
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*has no file named article.*: exactly one is needed*"])


def test_a_test_may_ask_for_each_case_and_bring_an_engine_of_its_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from summarizer import summarize

        def test_the_embedded_model_finds_something(golden_case):
            assert summarize(golden_case.article, model="extractive").takeaways
        """
    )
    done = project.runpytest_inprocess("-v", "-k", "embedded")
    done.assert_outcomes(passed=2, deselected=2)
    done.stdout.fnmatch_lines(["*test_the_embedded_model_finds_something[[]brackwell-brief] PASSED*"])


def test_the_setting_says_where_the_cases_are(project: pytest.Pytester) -> None:
    (project.path / "golden").rename(project.path / "truth")
    project.makeini(f"{INI}golden = truth\n")
    project.makepyfile("def test_it(golden_case): assert golden_case.gold.takeaways")
    project.runpytest_inprocess("-k", "test_it").assert_outcomes(passed=2, deselected=2)


def test_a_known_loss_stays_green_until_it_is_another(project: pytest.Pytester) -> None:
    folder = project.path / "golden" / "brackwell-brief"
    gold = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    change(project, "brackwell-brief", '"in_talks"', '"established"')
    kept = [claim for claim in gold["partnerships"] if claim["status"] != "in_talks"]
    known = {"takeaways": gold["takeaways"], "partnerships": kept}
    (folder / "approved.json").write_text(json.dumps(known), encoding="utf-8")
    project.runpytest_inprocess().assert_outcomes(passed=2)
