"""The map in every format: whole texts, what other programs read in them, and hostile words."""

import csv
import io
import json
import random
import re
import shutil
import subprocess
from itertools import combinations

import networkx
import pytest
from graph_samples import NEWS, partnership, summary
from hostile_strings import HOSTILE, NEVER_SEEN, every_string, places
from html_tags import Markup

from summarizer.errors import ConfigError
from summarizer.graph import Graph, graph
from summarizer.rendering import GraphFormat, render_graph
from summarizer.rendering.control_characters import visible
from summarizer.rendering.graph_exports import MERMAID_CHARACTERS, MERMAID_LINES
from summarizer.rendering.graph_view import for_xml
from summarizer.rendering.map_drawing import places as places_of_boxes

DRAWN = graph(NEWS)

TABLE = """\
5 articles, 7 organisations, 6 pairs
1 pair on which articles contradict each other

Alibaba + Apple | in talks → denied / established | 2025-02-13 | 3 articles | region: Chine | purpose: intégrer l’IA [sic] | contradiction
    denied, 2025-02-13, Alibaba · denial.txt · extractive
        “Alibaba dément tout accord”
    established, 2025-02-13 (“jeudi”), deal.txt · extractive
        “Apple Inc. et Alibaba s’allient”
Airbus + Boeing | abandoned | no date | 1 article
Airbus + Leonardo S.p.A. | established | 2024-01-12 | 1 article
Airbus + Thales | established | 2024-01-12 | 1 article
Apple + OpenAI | established | 2025-02-13 | 1 article | region: États-Unis
Leonardo S.p.A. + Thales | established | 2024-01-12 | 1 article
"""  # noqa: E501 - a pair is a line

QUOTED = """\
Airbus + Leonardo S.p.A. | established | 2024-01-12 | 1 article
    established, “12 janvier 2024”, space.txt · extractive
        “Airbus SE et Thales et Leonardo S.p.A. s’allient”
"""

AT_80 = """\
5 articles, 7 organisations, 6 pairs
1 pair on which articles contradict each other

Organisations       Status                    Latest       Articles   Region
────────────────────────────────────────────────────────────────────────────────
Alibaba + Apple     ◐ in talks → ⊘ denied /   2025-02-13   3          Chine
                    ● established
                    contradiction
Airbus + Boeing     ✕ abandoned               no date      1          –
Airbus + Leonardo   ● established             2024-01-12   1          –
S.p.A.
Airbus + Thales     ● established             2024-01-12   1          –
Apple + OpenAI      ● established             2025-02-13   1          États-Unis
Leonardo S.p.A. +   ● established             2024-01-12   1          –
Thales

Contradictions
Alibaba + Apple: contradiction
    ⊘ denied, 2025-02-13, Alibaba · denial.txt · extractive
    “Alibaba dément tout accord”
    ● established, 2025-02-13 (“jeudi”), deal.txt · extractive
    “Apple Inc. et Alibaba s’allient”
"""

AT_40 = """\
5 articles, 7 organisations, 6 pairs
1 pair on which articles contradict each
other

Alibaba + Apple: ◐ in talks → ⊘ denied /
● established
contradiction
2025-02-13, 3 articles
region: Chine
purpose: intégrer l’IA [sic]
    ⊘ denied, 2025-02-13, Alibaba ·
    denial.txt · extractive
    “Alibaba dément tout accord”
    ● established, 2025-02-13 (“jeudi”),
    deal.txt · extractive
    “Apple Inc. et Alibaba s’allient”
"""

CSV = """\
"organisation","partner","current_status","conflict","status","when","date","published","attribution","region","purpose","quotes","offsets","source","title","language","model","sha256","statement"
"Alibaba","Apple","denied / established","contradiction","in_talks","2025-02-11","","2025-02-11","The Information","Chine","","Apple et Alibaba s’allient","10-36","talks.txt","Apple discute avec Alibaba","fr","extractive","437c161561636d2bd2e84b27f0318e2860bfc0ee98bb81bc4a6c50aef780b335","1"
"Alibaba","Apple","denied / established","contradiction","denied","2025-02-13","","2025-02-13","Alibaba","","","Alibaba dément tout accord","10-36","denial.txt","","fr","extractive","050da61d6532c8381dc2f6b5f8b88aaae487c38b2d2525679d14f3a76eea421c","4"
"Alibaba","Apple","denied / established","contradiction","established","2025-02-13","jeudi","2025-02-13T09:30:00+01:00","","Chine","intégrer l’IA [sic]","Apple Inc. et Alibaba s’allient","10-41","deal.txt","","fr","extractive","a06476049e5b5be8c95a9ee46b727552d9539880e31ffa6cd5d998204eeae5cb","2"
"Airbus","Boeing","abandoned","","abandoned","","","","","","","Airbus et Boeing s’allient","10-36","plans.txt","","fr","extractive","296650369d34e7d96a0091e002d02c2a3233d692ff77f9d85a45a6f317c9bd40","6"
"Airbus","Leonardo S.p.A.","established","","established","2024-01-12","12 janvier 2024","","","","","Airbus SE et Thales et Leonardo S.p.A. s’allient","10-58","space.txt","","fr","extractive","5ef7da09655ca0588496b2952c24192b5207fec7a3536b1d89fbf7e644695181","5"
"Airbus","Thales","established","","established","2024-01-12","12 janvier 2024","","","","","Airbus SE et Thales et Leonardo S.p.A. s’allient","10-58","space.txt","","fr","extractive","5ef7da09655ca0588496b2952c24192b5207fec7a3536b1d89fbf7e644695181","5"
"Apple","OpenAI","established","","established","2025-02-13","","2025-02-13T09:30:00+01:00","","États-Unis","","Apple et OpenAI s’allient","10-35","deal.txt","","fr","extractive","a06476049e5b5be8c95a9ee46b727552d9539880e31ffa6cd5d998204eeae5cb","3"
"Leonardo S.p.A.","Thales","established","","established","2024-01-12","12 janvier 2024","","","","","Airbus SE et Thales et Leonardo S.p.A. s’allient","10-58","space.txt","","fr","extractive","5ef7da09655ca0588496b2952c24192b5207fec7a3536b1d89fbf7e644695181","5"
"""  # noqa: E501 - a state is a line

MERMAID = """\
graph LR
    n1["Alibaba"]
    n2["Apple"]
    n3["Airbus"]
    n4["Boeing"]
    n5["Leonardo S.p.A."]
    n6["Thales"]
    n7["OpenAI"]
    n1 ===|"in talks → denied / established, contradiction"| n2
    n3 x-.-x|"abandoned"| n4
    n3 ===|"established"| n5
    n3 ===|"established"| n6
    n2 ===|"established"| n7
    n5 ===|"established"| n6
"""

DOT = """\
graph partnerships {
    graph [overlap="false", splines="true"];
    node [shape="box", style="rounded"];
    n1 [label="Alibaba"];
    n2 [label="Apple"];
    n3 [label="Airbus"];
    n4 [label="Boeing"];
    n5 [label="Leonardo S.p.A."];
    n6 [label="OpenAI"];
    n7 [label="Thales"];
    n1 -- n2 [label="in talks → denied / established, contradiction", style="bold"];
    n3 -- n4 [label="abandoned", style="dashed", dir="both", arrowhead="tee", arrowtail="tee"];
    n3 -- n5 [label="established", style="bold"];
    n3 -- n7 [label="established", style="bold"];
    n2 -- n6 [label="established", style="bold"];
    n5 -- n7 [label="established", style="bold"];
}
"""


@pytest.mark.parametrize(
    ("format", "expected"), [("table", TABLE), ("csv", CSV.replace("\n", "\r\n")), ("mermaid", MERMAID), ("dot", DOT)]
)
def test_the_whole_text(format: str, expected: str) -> None:
    assert render_graph(DRAWN, format) == expected


def test_all_that_was_said_stands_under_each_pair() -> None:
    shown = render_graph(DRAWN, "table", quotes=True)
    assert QUOTED in shown
    assert shown.count("“") == 8 + 4  # a quote for each state, and a date in the article's words for four of them


def test_the_whole_table_of_a_terminal() -> None:
    assert render_graph(DRAWN, "table", width=80) == AT_80


def test_a_narrow_terminal_has_one_pair_below_the_other() -> None:
    shown = render_graph(DRAWN, "table", width=40)
    assert shown.startswith(AT_40)
    assert max(map(len, shown.splitlines())) <= 40


def test_a_purpose_has_a_column_where_there_is_room() -> None:
    assert "Purpose" not in render_graph(DRAWN, "table", width=100)
    assert "Purpose" in render_graph(DRAWN, "table", width=200)


def test_a_long_course_is_cut_at_its_beginning() -> None:
    days = (f"2026-01-{day:02}" for day in range(1, 29))
    stages = [("denied", "in_talks")[number % 2] for number in range(28)]
    told = [
        summary(partnership("A1", "B1", status=status), source=day, published=day)
        for status, day in zip(stages, days, strict=True)
    ]
    course = "… → denied → in talks → denied → in talks → denied → in talks"
    assert f"A1 + B1 | {course} | 2026-01-28" in render_graph(graph(told), "table")
    assert " ".join(render_graph(graph(told), "table", width=200).split()).count("→") == 6


def test_colours_change_no_word() -> None:
    coloured = render_graph(DRAWN, "table", width=80, color=True)
    assert coloured != AT_80
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()] == AT_80.splitlines()


def test_json_is_the_graph_again() -> None:
    assert Graph.model_validate_json(render_graph(DRAWN, "json")) == DRAWN


def test_graphml_is_read_back_with_everything_on_its_edges() -> None:
    read = networkx.parse_graphml(render_graph(DRAWN, "graphml"))
    assert {data["label"] for _, data in read.nodes(data=True)} == {each.name for each in DRAWN.organisations}
    assert read.nodes["n1"] == {
        "label": "Alibaba",
        "spellings": '{"Alibaba": 2, "ALIBABA": 1}',
        "articles": 3,
        "partners": 1,
    }
    edge = dict(read.edges["n1", "n2"])
    states = json.loads(edge.pop("states"))
    assert edge == {
        "label": "denied / established",
        "status": "established",
        "when": "2025-02-13",
        "conflict": "contradiction",
        "articles": 3,
        "weight": 3,
        "region": "Chine",
        "purpose": "intégrer l’IA [sic]",
    }
    assert [state["evidence"][0]["quote"] for state in states] == [
        "Apple et Alibaba s’allient",
        "Alibaba dément tout accord",
        "Apple Inc. et Alibaba s’allient",
    ]


@pytest.mark.parametrize("format", GraphFormat)
@pytest.mark.parametrize("width", [None, 40, 80])
def test_a_map_of_nothing_is_shown(format: str, width: int | None) -> None:
    shown = render_graph(graph([summary(source="empty.txt")]), format, width=width)
    assert shown.endswith("\n")


def test_there_is_no_other_format() -> None:
    with pytest.raises(ConfigError, match="there is no format 'pdf' for a map; the formats are table, json, csv"):
        render_graph(DRAWN, "pdf")


def test_mermaid_draws_as_much_as_it_can_and_says_so() -> None:
    pairs = (partnership(f"A{number}", f"B{number}") for number in range(600))
    shown = render_graph(graph(summary(each, source=each.parties[0]) for each in pairs), "mermaid")
    assert shown.count("===") == MERMAID_LINES
    assert len(shown) < MERMAID_CHARACTERS
    assert shown.splitlines()[1] == "    %% 500 of 600 pairs: Mermaid draws no more"


def test_mermaid_stops_before_long_names_are_too_much() -> None:
    pairs = (partnership("A" * 900 + str(number), "B" * 900 + str(number)) for number in range(100))
    shown = render_graph(graph(summary(each, source=each.parties[0]) for each in pairs), "mermaid")
    assert len(shown) < MERMAID_CHARACTERS
    assert 10 < shown.count("===") < 30


# --- hostile words -------------------------------------------------------------------------------------------------


def shown(text: str, format: str, **options: object) -> str:
    return render_graph(graph([places(text)[0]]), format, quotes=True, **options)  # type: ignore[arg-type]


def letters(text: str) -> str:
    return "".join(text.split())


@every_string
@pytest.mark.parametrize("format", [each for each in GraphFormat if each not in (GraphFormat.JSON, GraphFormat.CSV)])
def test_nothing_that_acts_is_left(text: str, format: str) -> None:
    assert not NEVER_SEEN.search(shown(text, format))


@every_string
def test_the_table_loses_nothing_and_acts_in_no_terminal(text: str) -> None:
    assert visible(text).strip() in shown(text, "table")
    for width in (30, 80, 200):
        coloured = shown(text, "table", width=width, color=True)
        assert not NEVER_SEEN.search(re.sub(r"\x1b\[[0-9;]*m", "", coloured))
        assert letters(visible(text)) in letters(shown(text, "table", width=width))


@every_string
def test_the_sheet_runs_nothing_and_loses_nothing(text: str) -> None:
    header, row = csv.reader(io.StringIO(shown(text, "csv"), newline=""))
    assert not NEVER_SEEN.search("".join(row))
    assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))]
    cells = dict(zip(header, row, strict=True))
    assert cells["purpose"].removeprefix("'") == visible(text).removeprefix("'")


@every_string
def test_json_keeps_the_very_words(text: str) -> None:
    written = shown(text, "json")
    (edge,) = json.loads(written)["edges"]
    assert edge["states"][0]["purpose"] == re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", written)


@every_string
def test_graphml_is_read_back_with_the_words_that_are_shown(text: str) -> None:
    read = networkx.parse_graphml(shown(text, "graphml"))
    assert for_xml(text) in {data["label"] for _, data in read.nodes(data=True)}
    ((_, _, edge),) = read.edges(data=True)
    assert json.loads(edge["states"])[0]["status"] == "denied"
    assert len(read) == 2


@every_string
def test_mermaid_has_a_name_and_no_sign_of_its_own_language(text: str) -> None:
    lines = shown(text, "mermaid").splitlines()
    assert len(lines) == 4
    names = [re.fullmatch(r' {4}n[12]\["((?:[\w ,.()\'’+-]|#\d+;)+)"\]', line)[1] for line in lines[1:3]]
    decoded = [re.sub(r"#(\d+);", lambda code: chr(int(code[1])), name) for name in names]
    assert visible(text) in decoded


@every_string
def test_dot_has_one_string_for_a_name(text: str) -> None:
    lines = shown(text, "dot").splitlines()
    assert len(lines) == 7
    names = [re.fullmatch(r' {4}n[12] \[label="((?:[^"\\]|\\\\|\\")*)"\];', line)[1] for line in lines[3:5]]
    decoded = [re.sub(r"\\(.)", r"\1", name).replace("&amp;", "&") for name in names]
    assert for_xml(text) in decoded


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed: apt-get install graphviz")
def test_graphviz_draws_hostile_names_as_they_stand() -> None:
    everything = graph(
        summary(partnership(f"{number} {text}", "Other"), source=str(number))
        for number, text in enumerate(HOSTILE.values())
    )
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=render_graph(everything, "dot").encode(), capture_output=True, check=True
    )
    page = Markup(drawn.stdout.decode())
    assert drawn.stderr == b""
    assert not {"a", "script", "image"} & set(page.tags)
    words = letters("".join(page.words))
    assert not [text for text in HOSTILE.values() if letters(for_xml(text)) not in words]


# --- the page ------------------------------------------------------------------------------------------------------


OURS = Markup(render_graph(DRAWN, "html"))


@every_string
def test_a_page_has_only_our_tags_and_attributes(text: str) -> None:
    page = Markup(shown(text, "html"))
    assert set(page.tags) <= set(OURS.tags)
    assert {name for name, _ in page.attributes} <= {name for name, _ in OURS.attributes}
    assert page.tags.count("script") == 1
    assert all((value or "").startswith("#") for name, value in page.attributes if name == "href")
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert letters(visible(text)) in letters("".join(page.words))


@pytest.mark.parametrize("count", [1, 2, 7, 60])
def test_no_name_lies_on_another_and_the_same_map_is_the_same_picture(count: int) -> None:
    rng = random.Random(count)
    sizes = [(rng.uniform(40, 200), 26.0) for _ in range(count)]
    ties = {(i, j): 1.0 for i, j in combinations(range(count), 2) if rng.random() < 0.1}
    middles = places_of_boxes(sizes, ties)
    assert middles == places_of_boxes(sizes, ties)
    for (one, (x1, y1)), (other, (x2, y2)) in combinations(zip(sizes, middles, strict=True), 2):
        assert abs(x1 - x2) > (one[0] + other[0]) / 2 or abs(y1 - y2) > (one[1] + other[1]) / 2


def test_every_link_leads_to_a_place_on_the_page() -> None:
    places = [value for name, value in OURS.attributes if name == "id"]
    assert len(places) == len(set(places))
    assert {(value or "")[1:] for name, value in OURS.attributes if name == "href"} <= set(places)


def test_the_page_says_what_it_leaves_out() -> None:
    pairs = [partnership(f"A{number}", f"B{number}") for number in range(500)]
    page = render_graph(graph(summary(each, source=each.parties[0]) for each in pairs), "html")
    assert "60 of 1,000 organisations: the best connected; the formats json and csv have all." in page
    assert "400 of 500 pairs: those of most articles; the formats json and csv have all." in page
    assert "400 of 500 statements: the latest; the formats json and csv have all." in page
    assert len(page) < 1_000_000


def test_a_pair_in_all_the_news_has_its_contradictions_and_its_latest() -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 29)]
    texts = [summary(partnership("A1", "B1"), source=f"{number}.txt", published=day) for number, day in enumerate(days)]
    texts.append(summary(partnership("A1", "B1", status="denied"), source="denial.txt", published=days[3]))
    page = render_graph(graph(texts), "html")
    start = page.index('<tr id="pair-1"')
    row = page[start : page.index("</tr>", start)]
    assert re.findall(r"2026-01-\d\d", row) == [days[-1], days[3], days[3], *days[-4:]]
    assert "and 23 more: the formats json and csv have all" in row
