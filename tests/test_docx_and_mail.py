"""Word documents, mails, and what is neither: the words of the article, and a clear word on what is not read."""

from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from summarizer.errors import SourceError
from summarizer.loading import load
from summarizer.loading.docx import parse as read_word
from summarizer.loading.loaded_text import LoadedText
from summarizer.loading.mail import parse as read_mail

W = nsdecls("w")


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def word(*elements: str, title: str = "", created: datetime | None = None) -> LoadedText:
    """Read a document whose body is made of XML, as Word writes it."""
    document = Document()
    document.core_properties.title = title
    if created is not None:
        document.core_properties.created = created
    for element in elements:
        document.element.body.insert(-1, parse_xml(element.replace(">", f" {W}>", 1)))
    return read_word(saved(document), "it", None)


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


# --- Word ------------------------------------------------------------------------------------------------------------


def test_headings_paragraphs_and_tables_come_in_their_order(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Norvik et Zelba s’allient", 0)
    document.add_paragraph("Norvik a signé un accord avec Zelba.")
    table = document.add_table(2, 2)
    for row, cells in enumerate([("Ventes", "5,2"), ("Marge", "1,0")]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    document.add_paragraph("Ils emploient 300 personnes.", style="List Bullet")
    document.sections[0].header.paragraphs[0].text = "La Lettre économique"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    file = tmp_path / "note.docx"
    file.write_bytes(saved(document))

    article = load(file)

    assert article.text == (
        "Norvik et Zelba s’allient\n\nNorvik a signé un accord avec Zelba.\n\nVentes\t5,2\nMarge\t1,0\n\n"
        "Ils emploient 300 personnes."
    )
    assert (article.title, article.language, article.published) == ("Norvik et Zelba s’allient", "fr", None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(r("Norvik a "), f"<w:del>{r('rompu')}</w:del>", f"<w:ins>{r('signé')}</w:ins>"), "Norvik a signé"),
        (p(f"<w:moveFrom>{r('Hier, ')}</w:moveFrom>", r("Norvik signe.")), "Norvik signe."),
        (f"<w:ins>{p(r('Un paragraphe inséré.'))}</w:ins>", "Un paragraphe inséré."),
        (f"<w:sdt><w:sdtContent>{p(r('Dans un contrôle.'))}</w:sdtContent></w:sdt>", "Dans un contrôle."),
        (p(f"<w:hyperlink>{r('Norvik')}</w:hyperlink>", r(" signe.")), "Norvik signe."),
        (p(r("Norvik signe."), '<w:r><w:footnoteReference w:id="2"/></w:r>'), "Norvik signe."),
        (p(r("Norvik", "<w:rPr><w:b/></w:rPr>"), r(" signe.", "<w:rPr><w:vanish/></w:rPr>")), "Norvik"),
        (p(r("un"), "<w:r><w:tab/></w:r>", r("deux"), "<w:r><w:br/></w:r>", r("trois")), "un\tdeux\ntrois"),
        (p(r("franco"), "<w:r><w:noBreakHyphen/></w:r>", r("allemand")), "franco-allemand"),
        (p("<w:r><w:instrText>PAGE</w:instrText></w:r>", r("Norvik signe.")), "Norvik signe."),
        (
            p(r("Norvik."), f"<w:r><w:pict><w:txbxContent>{p(r('Un encadré.'))}</w:txbxContent></w:pict></w:r>"),
            "Norvik.\n\nUn encadré.",
        ),
    ],
)
def test_a_document_is_read_as_it_would_be_printed(body: str, text: str) -> None:
    assert word(body).text == text


@pytest.mark.parametrize(
    ("title", "created", "found"),
    [
        ("Norvik et Zelba", datetime(2024, 3, 5), ("Norvik et Zelba", "2024-03-05")),
        ("Modèle de lettre", datetime(2013, 12, 23), (None, None)),
        ("note.docx", datetime(2099, 3, 5), (None, None)),
    ],
)
def test_properties_are_believed_where_the_text_bears_them_out(
    title: str, created: datetime, found: tuple[str | None, str | None]
) -> None:
    read = word(p(r("L’accord de Norvik et Zelba date du 5 mars 2024, dit-on.")), title=title, created=created)
    assert (read.title, read.published) == found


def test_a_zip_of_anything_else_is_no_word_document(tmp_path: Path) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(SourceError, match="cannot read 'it': the document is damaged"):
        read_word(out.getvalue(), "it", None)


# --- mail ------------------------------------------------------------------------------------------------------------


def mail(text: str | None = None, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"Subject": "Norvik s’allie à Zelba", "From": "Adèle Roy <a@example.org>", **headers}.items():
        message[name] = value
    message["Date"] = "Tue, 05 Mar 2024 10:00:00 +0100"
    if text is not None:
        message.set_content(text, charset="iso-8859-15", cte="quoted-printable")
    if html is not None and text is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def test_the_subject_is_the_title_and_the_date_is_that_of_publication(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(bytes(mail("Norvik a signé mardi un accord avec Zelba, pour 3 €.")))

    article = load(file)

    assert article.text == "Norvik s’allie à Zelba\n\nNorvik a signé mardi un accord avec Zelba, pour 3 €."
    assert article.title == "Norvik s’allie à Zelba"
    assert article.published == "2024-03-05"
    assert article.warnings == ()


OWN = "Norvik a signé mardi un accord avec le groupe Zelba, et la presse l’ignore."
LONG = "Le groupe Zelba emploie 300 personnes à Lyon et compte doubler ses ventes. " * 5


@pytest.mark.parametrize(
    ("body", "text", "warnings"),
    [
        (f"{OWN}\n\n-- \nAdèle\n01 23\n", OWN, ("the signature left out",)),
        (
            f"Le 4 mars 2024, Bob a écrit :\n> Quoi de neuf ?\n> Rien ?\n\n{OWN}\n",
            OWN,
            ("2 quoted lines of the earlier message left out",),
        ),
        (f"Pour information.\n\n> {LONG}\n", f"Pour information.\n\n{LONG.strip()}", ()),
        (f"{OWN}\nLe prix a écrit :\npas de citation", f"{OWN}\nLe prix a écrit :\npas de citation", ()),
    ],
)
def test_what_a_mail_answers_to_is_left_out_and_what_it_passes_on_is_read(
    body: str, text: str, warnings: tuple[str, ...]
) -> None:
    read = read_mail(bytes(mail(body.replace("’", "'"))), "it", None)
    assert read.text == f"Norvik s’allie à Zelba\n\n{text}".replace("l’i", "l'i")
    assert read.warnings == warnings


@pytest.mark.parametrize("prefix", ["Re: ", "Fwd: ", "TR : ", "AW: WG: ", "RE[2]: "])
def test_a_prefix_of_an_answer_is_no_part_of_the_title(prefix: str) -> None:
    assert (
        read_mail(bytes(mail(OWN.replace("’", "'"), Subject=f"{prefix}Norvik signe")), "it", None).title
        == "Norvik signe"
    )


def test_lines_that_flow_are_joined() -> None:
    raw = b"From: a@b.c\nSubject: x\nContent-Type: text/plain; format=flowed\n\nNorvik a signe \nun accord.\n\nFin.\n"
    assert read_mail(raw, "it", None).text == "x\n\nNorvik a signe un accord.\n\nFin."


def test_the_web_part_is_read_where_the_plain_one_says_less() -> None:
    page = f"<html><body><p>{LONG}</p><p>{LONG.replace('Zelba', 'Norvik')}</p></body></html>"
    read = read_mail(bytes(mail("Voir en ligne.", page)), "it", None)
    assert "compte doubler ses ventes" in read.text
    assert read.text.startswith("Norvik s’allie à Zelba\n\n")
    assert "Norvik emploie 300 personnes" in read_mail(bytes(mail(None, page)), "it", None).text


def test_what_is_attached_is_said_not_read() -> None:
    message = mail(OWN.replace("’", "'"))
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="communiqué.pdf")
    assert read_mail(bytes(message), "it", None).warnings == ("attachments were not read: 'communiqué.pdf'",)
    only = EmailMessage()
    only["From"] = "a@example.org"
    only.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(SourceError, match=r"no text of its own; only attachments \('a.pdf'\); save them"):
        read_mail(bytes(only), "it", None)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "koi8-r", "no-such-charset"])
def test_the_charset_of_a_part_counts(charset: str) -> None:
    text = "Компания подписала соглашение" if charset == "koi8-r" else "Norvik a signé à l'été"
    encoded = text.encode("utf-8" if charset == "no-such-charset" else charset)
    raw = b"From: a@b.c\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\n" + encoded
    assert read_mail(raw, "it", None) == LoadedText(text)


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    ("charset", "subject", "body"),
    [
        ("cp1252", "Énergie : l’accord est signé", "Norvik a signé un accord avec Zelba Énergie mardi à Oslo."),
        ("utf-8", "Énergie : l’accord est signé", "Norvik a signé un accord avec Zelba Énergie mardi à Oslo."),
        ("cp1250", "Spółka podpisała umowę", "Spółka Norvik podpisała we wtorek umowę z firmą Zelba w Łodzi."),
        ("koi8-r", "Норвик подписал соглашение", "Норвик подписал соглашение с Зелбой во вторник в Осло."),
        ("shift_jis", "北浦港湾と提携", "北浦港湾と星野エネルギーは月曜日、洋上風力発電で提携すると発表した。"),
        ("euc-kr", "노르빅 계약", "노르빅은 월요일에 젤바와 계약을 체결했다고 밝혔다."),
    ],
)
def test_a_bare_subject_is_in_the_charset_of_the_body(charset: str, subject: str, body: str, declared: bool) -> None:
    kind = f"text/plain; charset={charset}" if declared else "text/plain"
    text = f"From: Zoe <a@example.org>\r\nSubject: {subject}\r\nContent-Type: {kind}\r\n\r\n{body}"
    assert read_mail(text.encode(charset), "it", None).title == subject


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"=?unknown-8bit?q?=C9nergie?=", "Énergie"),
        (b"=?X-UNKNOWN?B?yW5lcmdpZQ==?=", "Énergie"),
        (b"=?iso-8859-1?q?=93=C9nergie=94_=80?=", "“Énergie” €"),
        (b"=?iso-8859-1*fr?q?l=92=E9nergie?=", "l’énergie"),
        (b"=?gb2312?B?6UY=?=", "镕"),
        (b"=?utf-8?q?=C3=89nergie?=", "Énergie"),
        ("Énergie".encode(), "Énergie"),  # a head in UTF-8 over a body that is not
    ],
)
def test_a_subject_is_in_the_charset_that_its_bytes_show(head: bytes, subject: str) -> None:
    raw = b"From: a@example.org\nSubject: " + head + b"\nContent-Type: text/plain; charset=cp1252\n\nL'\xe9nergie."
    assert read_mail(raw, "it", None).title == subject


def test_a_bare_subject_over_an_encoded_body_of_several_parts() -> None:
    head = "Subject: Accord signé\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
    part = "Content-Type: text/plain; charset=cp1252\nContent-Transfer-Encoding: base64\n\nTCfpbmVyZ2llLg==\n--x--\n"
    assert read_mail((head + part).encode("cp1252"), "it", None).text == "Accord signé\n\nL'énergie."


@pytest.mark.parametrize(
    "raw",
    [
        b"Received: from x\nFrom: a@b.c\nSubject: Norvik\n\nNorvik signe.",
        b"From: a@b.c\r\nMIME-Version: 1.0\r\nSubject: Norvik\r\n\r\nNorvik signe.",
    ],
)
def test_a_mail_is_known_by_its_headers(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(raw)
    assert load(file).title == "Norvik"


def test_a_text_that_begins_like_a_letter_is_no_mail(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("From: Reuters\nSubject: Norvik\n\nNorvik signs.")
    assert load(file).text == "From: Reuters\nSubject: Norvik\n\nNorvik signs."


# --- what is not read ------------------------------------------------------------------------------------------------

ZIP = b"PK\x03\x04\x14\x00\x00\x00\x00\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
ODT = ZIP + b"mimetypeapplication/vnd.oasis.opendocument.text"
AS_DOCUMENT = "open it and save it as .docx, .pdf or plain text"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.odt", ODT, f"it is an OpenDocument text; {AS_DOCUMENT}"),
        ("a.epub", ZIP + b"mimetypeapplication/epub+zip", "it is an e-book; convert it to .docx, .html or plain text"),
        ("a.pptx", ZIP + b"ppt/presentation.xml", "it is a presentation; export it as .pdf"),
        ("a.xlsx", ZIP + b"xl/workbook.xml", "it is a spreadsheet; save its articles as .jsonl"),
        ("a.zip", ZIP, "it is a ZIP archive; unpack it, and give what is in it"),
        ("a.doc", OLE, f"it is an old Office document; {AS_DOCUMENT}"),
        ("a.msg", OLE + "__substg1.0_0037001F".encode("utf-16-le"), "it is an Outlook message; save it as .eml"),
        ("a.rtf", rb"{\rtf1 Norvik}", f"it is an RTF document; {AS_DOCUMENT}"),
        ("a.mbox", b"From a@b.c Tue Mar  5 10:00:00 2024\nFrom: a@b.c\n\nNorvik", "it is a mailbox; give one message"),
        ("a.json", b"{}", 'it is JSON; give JSON lines with "id" and "text" in a file that ends in .jsonl'),
        ("a.jsonl", b"{}", "it is JSON lines; they are many articles: give the file to the command"),
        ("a.txt", ZIP, "it is a ZIP archive; unpack it, and give what is in it"),
        ("a.gz", b"\x1f\x8b\x08\x00", "it is a gzip archive; unpack it, and give what is in it"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_what_to_do(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with pytest.raises(SourceError) as refused:
        load(file)
    assert message in str(refused.value)
