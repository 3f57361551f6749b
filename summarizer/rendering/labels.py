"""The words of a summary's frame, in the languages of the tables: headings, statuses, labels.

What is said of the article stands in the language of the summary; what is said of the run (who answered, what it cost,
why a claim fell) is in English, like every message of the program.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ..schema import OPTIONAL_FIELDS, ClaimKind, Status


class Labels(NamedTuple):
    """The frame in one language."""

    language: str
    """BCP 47: of these words, which may be English where we have no others."""
    takeaways: str
    partnerships: str
    rejected: str
    articles: str
    article: str
    none_found: str
    statuses: tuple[str, str, str, str, str, str]
    """In the order of `Status`."""
    parties: str
    status: str
    details: tuple[str, ...]
    """In the order of `OPTIONAL_FIELDS`."""
    kinds: tuple[str, str, str]
    """A takeaway, a partnership, a detail of one."""
    line: str
    """With a place for its number."""
    elided: str
    close: str
    every: str
    """The choice of a filter that hides nothing."""
    reset: str
    skip: str
    nearest: str
    """Before the words of the article that come nearest to a rejected claim: those that it quotes, or a sentence."""
    colon: str = ": "

    def of_status(self, status: Status) -> str:
        """Spell a status."""
        return self.statuses[_STATUSES.index(status)]

    def of_kind(self, kind: ClaimKind) -> str:
        """Spell what a rejected claim is."""
        return self.kinds[_KINDS.index(kind)]

    @property
    def labels(self) -> Mapping[str, str]:
        """The details of a partnership, by the field that holds each."""
        return dict(zip((field.name for field in OPTIONAL_FIELDS), self.details, strict=True))


_STATUSES = tuple(Status)
_KINDS: tuple[ClaimKind, ...] = ("takeaway", "partnership", "field")
_ENGLISH = Labels(
    language="en",
    takeaways="Key takeaways",
    partnerships="Partnerships",
    rejected="Rejected",
    articles="Articles",
    article="Article",
    none_found="None found.",
    statuses=("established", "in talks", "considered", "abandoned", "ended", "denied"),
    parties="parties",
    status="status",
    details=("purpose", "region", "date", "source"),
    kinds=("takeaway", "partnership", "detail"),
    line="line {}",
    elided="elided",
    close="nearly",
    every="all",
    reset="Show all",
    skip="Skip to the article",
    nearest="Nearest words",
)
_FRENCH = Labels(
    language="fr",
    takeaways="À retenir",
    partnerships="Partenariats",
    rejected="Écarté",
    articles="Articles",
    article="Article",
    none_found="Rien trouvé.",
    statuses=("établi", "en négociation", "envisagé", "abandonné", "terminé", "démenti"),
    parties="parties",
    status="statut",
    details=("objet", "région", "date", "source"),
    kinds=("à retenir", "partenariat", "détail"),
    line="ligne {}",
    elided="abrégé",
    close="à peu près",
    every="tout",
    reset="Tout montrer",
    skip="Aller à l’article",
    nearest="Mots les plus proches",
    colon="\u00a0: ",
)
_GERMAN = Labels(
    language="de",
    takeaways="Das Wichtigste",
    partnerships="Partnerschaften",
    rejected="Verworfen",
    articles="Artikel",
    article="Artikel",
    none_found="Nichts gefunden.",
    statuses=("vereinbart", "in Verhandlung", "erwogen", "aufgegeben", "beendet", "dementiert"),
    parties="Parteien",
    status="Stand",
    details=("Zweck", "Region", "Datum", "Quelle"),
    kinds=("Wichtiges", "Partnerschaft", "Angabe"),
    line="Zeile {}",
    elided="gekürzt",
    close="fast wörtlich",
    every="alle",
    reset="Alle zeigen",
    skip="Zum Artikel",
    nearest="Nächste Stelle",
)
_SPANISH = Labels(
    language="es",
    takeaways="Puntos clave",
    partnerships="Alianzas",
    rejected="Descartado",
    articles="Artículos",
    article="Artículo",
    none_found="Nada encontrado.",
    statuses=("acordada", "en negociación", "contemplada", "abandonada", "terminada", "desmentida"),
    parties="partes",
    status="estado",
    details=("objeto", "región", "fecha", "fuente"),
    kinds=("punto clave", "alianza", "detalle"),
    line="línea {}",
    elided="abreviado",
    close="casi literal",
    every="todo",
    reset="Mostrar todo",
    skip="Ir al artículo",
    nearest="Pasaje más cercano",
)
_ITALIAN = Labels(
    language="it",
    takeaways="Da ricordare",
    partnerships="Partnership",
    rejected="Scartato",
    articles="Articoli",
    article="Articolo",
    none_found="Nulla trovato.",
    statuses=("concordata", "in trattativa", "ipotizzata", "abbandonata", "terminata", "smentita"),
    parties="parti",
    status="stato",
    details=("scopo", "regione", "data", "fonte"),
    kinds=("da ricordare", "partnership", "dettaglio"),
    line="riga {}",
    elided="abbreviato",
    close="quasi letterale",
    every="tutto",
    reset="Mostra tutto",
    skip="Vai all’articolo",
    nearest="Passo più vicino",
)
_PORTUGUESE = Labels(
    language="pt",
    takeaways="Pontos principais",
    partnerships="Parcerias",
    rejected="Rejeitado",
    articles="Artigos",
    article="Artigo",
    none_found="Nada encontrado.",
    statuses=("firmada", "em negociação", "considerada", "abandonada", "encerrada", "desmentida"),
    parties="partes",
    status="estado",
    details=("objetivo", "região", "data", "fonte"),
    kinds=("ponto principal", "parceria", "detalhe"),
    line="linha {}",
    elided="abreviado",
    close="quase literal",
    every="tudo",
    reset="Mostrar tudo",
    skip="Ir para o artigo",
    nearest="Passagem mais próxima",
)
_DUTCH = Labels(
    language="nl",
    takeaways="Belangrijkste punten",
    partnerships="Samenwerkingen",
    rejected="Afgewezen",
    articles="Artikelen",
    article="Artikel",
    none_found="Niets gevonden.",
    statuses=("overeengekomen", "in onderhandeling", "overwogen", "afgeblazen", "beëindigd", "ontkend"),
    parties="partijen",
    status="stand",
    details=("doel", "regio", "datum", "bron"),
    kinds=("punt", "samenwerking", "detail"),
    line="regel {}",
    elided="ingekort",
    close="bijna letterlijk",
    every="alles",
    reset="Alles tonen",
    skip="Naar het artikel",
    nearest="Dichtstbijzijnde passage",
)
_JAPANESE = Labels(
    language="ja",
    takeaways="要点",
    partnerships="提携",
    rejected="不採用",
    articles="記事一覧",
    article="記事",
    none_found="該当なし。",
    statuses=("成立", "交渉中", "検討中", "断念", "終了", "否定"),
    parties="当事者",
    status="状況",
    details=("目的", "地域", "時期", "情報源"),
    kinds=("要点", "提携", "詳細"),
    line="{}行目",
    elided="中略",
    close="ほぼ一致",
    every="すべて",
    reset="すべて表示",
    skip="記事へ",
    nearest="最も近い箇所",
    colon="：",
)
_CHINESE = Labels(
    language="zh",
    takeaways="要点",
    partnerships="合作",
    rejected="未采纳",
    articles="文章列表",
    article="文章",
    none_found="未找到。",
    statuses=("已达成", "洽谈中", "考虑中", "已放弃", "已终止", "已否认"),
    parties="各方",
    status="状态",
    details=("目的", "地区", "日期", "来源"),
    kinds=("要点", "合作", "细节"),
    line="第{}行",
    elided="有省略",
    close="近似",
    every="全部",
    reset="显示全部",
    skip="跳到文章",
    nearest="最接近的原文",
    colon="：",
)
_ARABIC = Labels(
    language="ar",
    takeaways="أهم النقاط",
    partnerships="الشراكات",
    rejected="مستبعد",
    articles="المقالات",
    article="المقال",
    none_found="لا شيء.",
    statuses=("قائمة", "قيد التفاوض", "قيد الدراسة", "تم التخلي عنها", "انتهت", "منفية"),
    parties="الأطراف",
    status="الحالة",
    details=("الغرض", "المنطقة", "التاريخ", "المصدر"),
    kinds=("نقطة", "شراكة", "تفصيل"),
    line="سطر {}",
    elided="مختصر",
    close="شبه حرفي",
    every="الكل",
    reset="إظهار الكل",
    skip="إلى المقال",
    nearest="أقرب موضع",
)
_HEBREW = Labels(
    language="he",
    takeaways="עיקרי הדברים",
    partnerships="שותפויות",
    rejected="נדחה",
    articles="כתבות",
    article="הכתבה",
    none_found="לא נמצא דבר.",
    statuses=("קיימת", "במשא ומתן", "נשקלת", "נזנחה", "הסתיימה", "הוכחשה"),
    parties="צדדים",
    status="מצב",
    details=("מטרה", "אזור", "תאריך", "מקור"),
    kinds=("עיקר", "שותפות", "פרט"),
    line="שורה {}",
    elided="מקוצר",
    close="כמעט מילולי",
    every="הכול",
    reset="הצגת הכול",
    skip="אל הכתבה",
    nearest="הקטע הקרוב ביותר",
)


def words_of(language: str) -> Labels:
    """Return the frame in a language (BCP 47), in English where there is none."""
    return _IN.get(language.partition("-")[0].lower(), _ENGLISH)


_IN = {
    words.language: words
    for words in (
        *(_ENGLISH, _FRENCH, _GERMAN, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH),
        *(_JAPANESE, _CHINESE, _ARABIC, _HEBREW),
    )
}
