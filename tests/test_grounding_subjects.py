"""Whose it is: "we" and "the company" are who the article is about, and a figure stays with whom it is told of."""

import pytest

from summarizer import Article, Draft, ground

RESULTS = (
    "Moorcastle Rail of Derby reported its figures on Monday. Moorcastle employs 700 people.\n\n"
    "Moorcastle's operating loss narrowed to £4.2 million from £11.6 million. "
    "Revenue rose 18 percent to £96 million.\n\n"
    "At Brightline, its larger rival, revenue dropped 6 percent to £310 million. "
    "Brightline employs 900 people."
)
INTERVIEW = (
    "Marijke Terhorst leidt Zwanenzuivel, een familiebedrijf dat plantaardige kaas maakt.\n\n"
    "Wat doet uw concurrent?\n\n"
    "Roomveld zag de omzet met 3 procent krimpen. Maar Roomveld groeit weer.\n\n"
    "Met wie bouwt u?\n\n"
    "We hebben in april met Peulenhof een samenwerking getekend. We hebben nu 275 mensen in dienst."
)
PORTRAIT = (
    "Wie Quellwerk aus Göppingen das Wasser neu erfindet.\n\n"
    "Seit 1987 baut die Quellwerk GmbH Filter. Geschäftsführerin Jutta Hellriegel führt das Unternehmen.\n\n"
    "Der Umsatz sank auf 74 Millionen Euro, nach 81 Millionen im Jahr davor."
)
JAPANESE = (
    "北嶺精機は12日、東浜大学と共同研究を始めると発表した。"
    "同社の売上高は前期比4.2％減の310億円だった。営業利益は18億円から25億円に増えた。"
    "競合の南条電機は、売上高が6％増の520億円だった。"
    "北嶺精機と南条電機は競合する。北嶺精機の社員は多い。"
)


def takeaway(article: str, text: str, *quotes: str) -> bool:
    draft = Draft.model_validate({"takeaways": [{"text": text, "quotes": quotes}]})
    return bool(ground(draft, Article.from_text(article)).takeaways)


def partnership(article: str, parties: list[str], status: str, *quotes: str) -> bool:
    draft = Draft.model_validate({"partnerships": [{"parties": parties, "status": status, "quotes": quotes}]})
    return bool(ground(draft, Article.from_text(article)).partnerships)


LOSS = "Moorcastle's operating loss narrowed to £4.2 million from £11.6 million."
REVENUE = "Revenue rose 18 percent to £96 million."
RIVAL = "At Brightline, its larger rival, revenue dropped 6 percent to £310 million."
SALES = "Der Umsatz sank auf 74 Millionen Euro, nach 81 Millionen im Jahr davor."


@pytest.mark.parametrize(
    ("article", "text", "quotes", "is_true"),
    [
        (RESULTS, "Moorcastle's operating loss narrowed to £4.2 million from £11.6 million.", [LOSS], True),
        (RESULTS, "Moorcastle's operating loss narrowed to £11.6 million from £4.2 million.", [LOSS], False),
        (RESULTS, "Moorcastle's operating loss widened to £4.2 million.", [LOSS], False),
        (RESULTS, "Moorcastle made an operating profit of £4.2 million.", [LOSS], False),
        (RESULTS, "Moorcastle had an operating loss of £11.6 million a year earlier.", [LOSS], True),
        (PORTRAIT, "Der Umsatz von Quellwerk sank auf 74 Millionen Euro, nach 81 Millionen.", [SALES], True),
        (PORTRAIT, "Der Umsatz von Quellwerk sank auf 81 Millionen Euro, nach 74 Millionen.", [SALES], False),
        (JAPANESE, "北嶺精機の営業利益は18億円から25億円に増えた。", ["営業利益は18億円から25億円に増えた。"], True),
        (JAPANESE, "北嶺精機の営業利益は25億円から18億円に減った。", ["営業利益は18億円から25億円に増えた。"], False),
    ],
)
def test_a_former_figure_is_not_the_new_one_and_a_loss_no_profit(
    article: str, text: str, quotes: list[str], is_true: bool
) -> None:
    assert takeaway(article, text, *quotes) == is_true


@pytest.mark.parametrize(
    ("article", "text", "quotes", "is_true"),
    [
        (RESULTS, "Moorcastle's revenue rose 18 percent to £96 million.", [LOSS, REVENUE], True),
        (INTERVIEW, "Zwanenzuivel heeft 275 mensen in dienst.", ["We hebben nu 275 mensen in dienst."], True),
        (JAPANESE, "北嶺精機の売上高は310億円だった。", ["同社の売上高は前期比4.2％減の310億円だった。"], True),
        (JAPANESE, "南条電機の売上高は310億円だった。", ["同社の売上高は前期比4.2％減の310億円だった。"], False),
        (JAPANESE, "北嶺精機の売上高は520億円だった。", ["競合の南条電機は、売上高が6％増の520億円だった。"], False),
    ],
)
def test_a_figure_stays_with_whom_it_is_told_of(article: str, text: str, quotes: list[str], is_true: bool) -> None:
    assert takeaway(article, text, *quotes) == is_true


@pytest.mark.parametrize(
    ("article", "parties", "status", "quote", "is_true"),
    [
        (
            INTERVIEW,
            ["Zwanenzuivel", "Peulenhof"],
            "established",
            "We hebben in april met Peulenhof een samenwerking getekend.",
            True,
        ),
        (
            INTERVIEW,
            ["Roomveld", "Peulenhof"],
            "established",
            "We hebben in april met Peulenhof een samenwerking getekend.",
            False,
        ),
    ],
)
def test_whom_a_quote_leaves_out_is_who_the_article_is_about(
    article: str, parties: list[str], status: str, quote: str, is_true: bool
) -> None:
    assert partnership(article, parties, status, quote) == is_true
