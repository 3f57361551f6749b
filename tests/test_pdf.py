"""PDFs: the words in the order in which a person reads them, whole, and nothing of what only dresses the page."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
from pdf_files import Page, assembled, pdf, stream, width
from pypdf import PdfReader, PdfWriter

from summarizer.errors import SourceError
from summarizer.loading import load
from summarizer.loading.pdf import parse

BODY = (
    "La société allemande Norvik a signé mardi un accord de collaboration avec le groupe français Zelba pour équiper "
    "les réseaux électriques de capteurs. Le chiffre d'affaires attendu dépasse 17,9 millions d'euros dès la première "
    "année, selon la direction générale. Les deux entreprises en avaient parlé une première fois en mars 2024, sans "
    "résultat. Elles emploient ensemble 12 000 personnes dans onze pays, et comptent en recruter 300 autres."
)


def wrapped(text: str, room: float, size: float = 10) -> list[str]:
    """Break a text into lines, as a layout program does, without dividing words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if width(longer, size) <= room else [*lines, word]
    return lines


def read(page: Page, *more: Page) -> str:
    return parse(pdf([page, *more]), "it").text


# --- order -----------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_paragraph_are_joined_and_paragraphs_stay_apart() -> None:
    lines = wrapped(BODY, 480)
    page = Page().column(50, 760, lines).column(50, 760 - 12 * len(lines) - 8, wrapped(BODY, 480))
    assert read(page) == f"{BODY}\n\n{BODY}"


def test_an_indented_line_begins_a_paragraph() -> None:
    first, *rest = wrapped(BODY, 460)
    lines = wrapped(BODY, 480)
    page = Page().column(50, 760, lines).put(65, 760 - 12 * len(lines), first)
    page.column(50, 748 - 12 * len(lines), wrapped(" ".join(rest), 480))
    assert read(page) == f"{BODY}\n\n{BODY}"


def two_columns(left: list[str], right: list[str], *, row_by_row: bool) -> Page:
    page = Page().put(50, 790, "Norvik et Zelba s'allient pour les réseaux électriques", 18)
    placed = [(50, 750 - 12 * i, line) for i, line in enumerate(left)]
    placed += [(310, 750 - 12 * i, line) for i, line in enumerate(right)]
    for x, y, line in sorted(placed, key=lambda line: -line[1]) if row_by_row else placed:
        page.put(x, y, line)
    return page


@pytest.mark.parametrize("row_by_row", [True, False])
def test_two_columns_are_read_one_after_the_other(row_by_row: bool) -> None:
    lines = wrapped(f"{BODY} {BODY}", 230)
    half = len(lines) // 2
    page = two_columns(lines[:half], lines[half:], row_by_row=row_by_row)
    assert read(page) == f"Norvik et Zelba s'allient pour les réseaux électriques\n\n{BODY} {BODY}"


def test_a_line_across_both_columns_divides_what_stands_above_from_what_stands_below() -> None:
    lines = wrapped(BODY, 230)
    half = (len(lines) + 1) // 2
    page = Page()
    for top in (780, 560):
        page.column(50, top, lines[:half]).column(310, top, lines[half:])
    page.put(50, 620, "Un intertitre qui court sur toute la largeur de la page, au-dessus des colonnes", 13)
    middle = "Un intertitre qui court sur toute la largeur de la page, au-dessus des colonnes"
    assert read(page) == f"{BODY}\n\n{middle}\n\n{BODY}"


def test_three_columns_under_a_title_of_two_lines() -> None:
    lines = wrapped(f"{BODY} {BODY} {BODY}", 150)
    third = (len(lines) + 2) // 3
    page = Page().put(60, 800, "Norvik et Zelba s'allient pour les réseaux", 20).put(230, 776, "électriques", 20)
    for column in range(3):
        page.column(50 + 170 * column, 740, lines[third * column : third * (column + 1)])
    found = parse(pdf([page]), "it")
    assert found.text == f"Norvik et Zelba s'allient pour les réseaux électriques\n\n{BODY} {BODY} {BODY}"
    assert found.title == "Norvik et Zelba s'allient pour les réseaux électriques"


def test_words_that_are_set_one_by_one_are_told_apart() -> None:
    page, y = Page(), 780.0
    for line in wrapped(BODY, 480):
        x = 50.0
        for word in line.split():
            page.put(x, y, word)
            x += width(f"{word} ", 10)
        y -= 12
    assert read(page) == BODY


BEGUN = [
    ("N", 36, 24, "orvik a signé mardi", "Norvik a signé mardi"),
    ("L", 52, 36, "e groupe Norvik a signé", "Le groupe Norvik a signé"),
    ("N", 30, 0, "orvik a signé mardi", "Norvik a signé mardi"),
    ("«N", 36, 24, "orvik a signé » mardi", "«Norvik a signé » mardi"),
    ("N", 36, 24, "ORVIK a signé mardi", "NORVIK a signé mardi"),
    ("À ", 36, 24, "la fin de mars, Norvik", "À la fin de mars, Norvik"),
    ("A", 36, 24, "Norvik spokesman said", "A Norvik spokesman said"),
    ("Ö", 36, 24, "sterreich und Norvik", "Österreich und Norvik"),
]


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(("initial", "size", "drop", "rest", "joined"), BEGUN)
def test_a_large_initial_begins_its_word(
    initial: str, size: int, drop: int, rest: str, joined: str, last: bool
) -> None:
    more = ["un accord de collaboration avec Zelba pour équiper", "les réseaux électriques de capteurs, et compte"]
    beside = 50 + width(initial.rstrip(), size) + 4
    put = [(50, 760 - drop, initial, size), (beside, 760, rest, 10)]
    put += [(beside if 12 * i < drop else 50, 760 - 12 * i, line, 10) for i, line in enumerate((*more, *more), start=1)]
    page = Page()
    for x, y, text, points in [*put[1:], put[0]] if last else put:
        page.put(x, y, text, points)
    assert read(page) == " ".join([joined, *more, *more])


def test_a_large_letter_with_nothing_beside_it_stays_alone() -> None:
    lines = wrapped(BODY, 480)
    page = Page().put(50, 790, "B", 30).column(50, 750, lines)
    assert read(page) == f"B\n\n{BODY}"


def test_a_table_is_read_row_by_row() -> None:
    page = Page().column(50, 780, wrapped(BODY, 480))
    for row, cells in enumerate([("Ventes", "5,2", "6,1"), ("Marge", "1,0", "1,4"), ("Dette", "9,9", "8,7")] * 2):
        for column, cell in enumerate(cells):
            page.put(50 + 150 * column, 600 - 14 * row, cell)
    assert "Ventes\t5,2\t6,1\n\nMarge\t1,0\t1,4\n\nDette\t9,9\t8,7" in read(page)


def test_a_page_that_is_turned_is_read_like_any_other() -> None:
    page = Page([f"BT /F1 10 Tf 0 1 -1 0 {100 + 12 * i} 50 Tm ({line}) Tj ET" for i, line in enumerate(ASCII)])
    assert read(page) == " ".join(ASCII)


ASCII = ("Norvik signed a deal with Zelba on Tuesday to", "equip the grid with sensors; both will pay for", "it.")


# --- what only dresses the page --------------------------------------------------------------------------------------


def dressed(count: int) -> list[Page]:
    sides = [(50, 480), (500, 50)]
    return [
        Page()
        .put(sides[number % 2][0], 815, "La Lettre économique, mars 2024", 8)
        .put(sides[number % 2][1], 25, f"Page {number + 3} / 20", 8)
        .put(290, 25, str(number + 3), 8)
        .column(50, 760, wrapped(f"Partie {number}. {BODY}", 480))
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_heads_feet_and_page_numbers_are_no_part_of_the_article(count: int) -> None:
    whole = read(*dressed(count))
    assert "Lettre" not in whole
    assert "Page" not in whole
    assert whole == "\n\n".join(f"Partie {number}. {BODY}" for number in range(count))


def test_what_stands_once_stays_where_heads_stand() -> None:
    pages = dressed(4)
    pages[2].put(50, 800, "Erratum : lire 18 millions", 8)
    assert "Erratum : lire 18 millions" in read(*pages)


def test_lines_of_the_text_that_count_with_the_page_stay() -> None:
    pages = [Page().column(50, 780, [f"Ligne {n} {i} du rapport de la société." for i in range(30)]) for n in range(4)]
    whole = read(*pages)
    assert all(f"Ligne {n} {i} du rapport" in whole for n in range(4) for i in range(30))


def test_a_number_that_does_not_count_is_no_page_number() -> None:
    pages = [
        Page().put(50, 815, figure, 8).column(50, 760, wrapped(BODY, 480)) for figure in ("120", "85", "203", "77")
    ]
    assert "203" in read(*pages)


# --- divided words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "head", "tail", "whole"),
    [
        ("Die Regierung in Berlin", "Bundes-", "regierung prüft das.", "Bundesregierung"),
        ("Die Bundesregierung und die Regierung des Bundes", "Bundes-", "regierung prüft das.", "Bundesregierung"),
        ("Er spricht deutsch und sie spricht französisch", "deutsch-", "französisch", "deutsch-französisch"),
        ("Der deutsch-französische Rat", "deutsch-", "französische Rat", "deutsch-französische"),
        ("Une alliance franco-italienne", "franco-", "allemande", "franco-allemande"),
        ("Le conseil de la société et les ventes", "entre-", "prise", "entreprise"),
        ("La société et les ventes de la marque dans le pays", "dit-", "elle", "dit-elle"),
        ("La société et les ventes de la marque dans le pays", "ceux-", "ci", "ceux-ci"),
        ("A well-known firm and its well-run unit", "well-", "known", "well-known"),
        ("The partners met", "part-", "ners", "partners"),
        ("The COVID year", "COVID-", "19", "COVID-19"),
        ("Both firms", "Airbus-", "Thales", "Airbus-Thales"),
        ("Das Haus", "Software-", "Entwicklung", "Software-Entwicklung"),
        ("Das Haus", "Regie\u00ad", "rung", "Regierung"),
    ],
)
def test_a_word_that_the_end_of_a_line_divides_is_written_as_elsewhere(
    before: str, head: str, tail: str, whole: str
) -> None:
    lines = [f"{before} und das ist alles.", f"Hier steht {head}", f"{tail} und so weiter."]
    assert f"Hier steht {whole}" in read(Page().column(50, 760, lines)).replace("\u00ad", "")


def test_ligatures_become_letters() -> None:
    cmap = b"1 beginbfchar <41> <FB01> endbfchar 1 beginbfchar <42> <FB03> endbfchar"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /X /ToUnicode 7 0 R >>",
        4: b"<< >>",
        5: b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents 6 0 R >>",
        6: stream(b"BT /F1 10 Tf 50 700 Td (la Anance oBcielle) Tj ET"),
        7: stream(b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange " + cmap + b" endcmap"),
    }
    assert parse(assembled(objects), "it").text == "la finance officielle"


# --- what the file says of itself ------------------------------------------------------------------------------------

LAST_YEAR = (datetime.now(UTC) - timedelta(days=300)).strftime("D:%Y%m%d120000")


@pytest.mark.parametrize(
    ("info", "title", "published"),
    [
        ("/Title (Norvik et Zelba)", "Norvik et Zelba", None),
        ("/Title (Microsoft Word - norvik et Zelba)", "Un accord pour les capteurs", None),
        ("/Title (norvik zelba.indd)", "Un accord pour les capteurs", None),
        ("/Title (Modele de lettre 3)", "Un accord pour les capteurs", None),
        ("/CreationDate (D:20240305101500+01'00')", "Un accord pour les capteurs", "2024-03-05"),
        ("/CreationDate (D:19700101000000)", "Un accord pour les capteurs", None),
        (f"/CreationDate ({LAST_YEAR})", "Un accord pour les capteurs", None),
        ("/CreationDate (D:20241399)", "Un accord pour les capteurs", None),
        ("/Title 7 /CreationDate [1 2]", "Un accord pour les capteurs", None),
    ],
)
def test_title_and_date_are_believed_where_the_text_bears_them_out(
    info: str, title: str, published: str | None
) -> None:
    page = Page().put(50, 780, "Un accord pour les capteurs", 18).put(50, 760, "Lyon, le 5 mars 2024")
    found = parse(pdf([page.column(50, 740, wrapped(BODY, 480))], info=info), "it")
    assert (found.title, found.published) == (title, published)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Lyon, 14 October 2024", "2024-10-14"),
        ("14.10.2024", "2024-10-14"),
        ("October 14, 2024", "2024-10-14"),
        ("Lyon, le 14 novembre 2024", None),
        ("14 October", None),
        ("In 2024 sales rose by 14 per cent.", None),
        ("13 October 2024", None),
    ],
)
def test_the_day_on_which_a_file_was_made_is_believed_only_where_the_text_has_it(
    line: str, published: str | None
) -> None:
    page = Page().put(50, 780, line).column(50, 740, wrapped(BODY, 480))
    assert parse(pdf([page], info="/CreationDate (D:20241014101500)"), "it").published == published


# --- locked, scanned, damaged ----------------------------------------------------------------------------------------


def locked(password: str, algorithm: str) -> bytes:
    writer = PdfWriter(PdfReader(BytesIO(pdf([Page().column(50, 760, wrapped(BODY, 480))]))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_lock_without_a_password_is_no_lock(algorithm: str) -> None:
    assert parse(locked("", algorithm), "it").text == BODY
    with pytest.raises(SourceError, match="cannot read 'it': it is protected by a password; print it to a new PDF"):
        parse(locked("secret", algorithm), "it")


def test_a_scan_says_that_it_has_no_text() -> None:
    scan = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    with pytest.raises(SourceError, match="its 2 pages show no text; if it is a scan, run it through OCR"):
        parse(pdf([scan, scan]), "it")


def test_fonts_without_letters_say_so() -> None:
    cmap = b"1 beginbfrange <00> <FF> <E000> endbfrange"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /X /ToUnicode 7 0 R >>",
        5: b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents 6 0 R >>",
        6: stream(b"BT /F1 10 Tf 50 700 Td (Norvik signed a deal) Tj ET"),
        7: stream(b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange " + cmap + b" endcmap"),
    }
    with pytest.raises(SourceError, match="its fonts do not map to letters; run it through OCR"):
        parse(assembled(objects, "/Root 1 0 R"), "it")


@pytest.mark.parametrize("damage", ["no table", "wrong places", "junk before", "cut off"])
def test_a_damaged_table_of_places_is_made_anew(damage: str) -> None:
    raw = pdf([Page().column(50, 760, wrapped(BODY, 480))])
    table = raw.index(b"xref\n")
    damaged = {
        "no table": raw[:table] + b"trailer << /Root 1 0 R >>",
        "wrong places": raw.replace(b"00000 n", b"11111 n"),
        "junk before": b"HTTP/1.1 200 OK\r\n\r\n" + raw,
        "cut off": raw[: table + 30],
    }[damage]
    assert parse(damaged, "it").text == BODY


def test_a_damaged_page_costs_only_itself_and_is_named() -> None:
    whole = Page().column(50, 760, wrapped(BODY, 480))
    raw = pdf([whole, whole, whole], packed=True)
    at = [place for place in range(len(raw)) if raw.startswith(b"stream\nx", place)][1]
    found = parse(raw[: at + 7] + b"\x00" * 60 + raw[at + 67 :], "it")
    assert found.text.count("Norvik") == 2
    assert found.warnings == ("page 2 is damaged; what could be recovered was read",)


def test_a_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "rapport.pdf"
    file.write_bytes(pdf([Page().put(50, 790, "Norvik et Zelba", 18).column(50, 760, wrapped(BODY, 480))]))
    article = load(file)
    assert (article.title, article.language, article.source) == ("Norvik et Zelba", "fr", str(file))
    assert article.text == f"Norvik et Zelba\n\n{BODY}"


def test_a_pdf_is_known_by_its_beginning_whatever_it_is_called(tmp_path: Path) -> None:
    file = tmp_path / "rapport.txt"
    file.write_bytes(pdf([Page().column(50, 760, wrapped(BODY, 480))]))
    assert load(file).text == BODY


def test_every_letter_of_a_long_report_is_there_once() -> None:
    words = [f"mot{number}" for number in range(20_000)]
    lines = wrapped(" ".join(words), 480)
    pages = [Page().column(50, 780, lines[at : at + 55]) for at in range(0, len(lines), 55)]
    assert list(chain(*(line.split() for line in read(*pages).split("\n")))) == words


# --- letters that cannot be read, and letters struck twice -----------------------------------------------------------


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (0.3, 0), (0.8, 0.2), (1.5, -1.5)])
@pytest.mark.parametrize("size", [9, 18])
def test_text_that_is_struck_twice_is_read_once(dx: float, dy: float, size: int) -> None:
    lines = wrapped(BODY, 480)
    page = (
        Page()
        .column(50, 740, lines)
        .put(50, 780, "Norvik builds turbines", size)
        .put(50 + dx, 780 + dy, "Norvik builds turbines", size)
    )
    found = parse(pdf([page.column(50 + dx, 740 + dy, lines)]), "it").text
    assert found.count("Norvik builds turbines") == 1
    assert found == parse(pdf([Page().column(50, 740, lines).put(50, 780, "Norvik builds turbines", size)]), "it").text


def test_a_word_that_is_written_twice_is_read_twice() -> None:
    page = Page().put(50, 780, "Yes").put(50, 760, "Yes").put(150, 760, "Yes").column(50, 700, wrapped(BODY, 480))
    assert parse(pdf([page]), "it").text.count("Yes") == 3


COMPOSITE = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Karla /Encoding /{encoding} /DescendantFonts [<< /Type /Font /Subtype "
    "/CIDFontType2 /BaseFont /Karla /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    "/DW 1000 >>] >>"
)


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("KSCms-UHC-H", "cp949"),
        ("KSC-EUC-H", "euc_kr"),
        ("EUC-H", "euc_jp"),
        ("Identity-H", "utf-16-le"),
        ("B5pc-H", "big5"),
    ],
)
def test_letters_whose_codes_are_no_unicode_are_refused_and_never_shown_as_others(encoding: str, codec: str) -> None:
    text = "北部" if codec == "big5" else "Norvik 1"
    content = b"BT /F1 11 Tf 72 760 Td <" + text.encode(codec).hex().encode() * 20 + b"> Tj ET"
    raw = with_font(COMPOSITE.format(encoding=encoding).encode(), content)
    with pytest.raises(SourceError, match="OCR"):
        parse(raw, "it")


@pytest.mark.parametrize(
    ("encoding", "codec"), [("90ms-RKSJ-H", "cp932"), ("UniJIS-UTF16-H", "utf-16-be"), ("GBK-EUC-H", "gbk")]
)
def test_letters_whose_codes_have_a_known_table_are_read(encoding: str, codec: str) -> None:
    content = b"BT /F1 11 Tf 72 760 Td <" + "北部港湾提携".encode(codec).hex().encode() + b"> Tj ET"
    assert "北部港湾提携" in parse(with_font(COMPOSITE.format(encoding=encoding).encode(), content), "it").text


def with_font(font: bytes, content: bytes) -> bytes:
    return assembled(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            4: stream(content),
            5: font,
        }
    )
