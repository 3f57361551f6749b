"""A look at one run of capitalised words: what of it is the name, and what the words beside it say of it."""

import re
from collections import Counter
from dataclasses import dataclass

from ..layout import Sentence
from ..normalization import fold
from .candidates import Candidate
from .feature_patterns import FeaturePatterns
from .gazetteer import world


@dataclass(frozen=True)
class MentionFeatures:
    """A run without what is no part of the name, and what stands beside it."""

    start: int
    text: str
    key: str
    evidence: Counter[str]
    heads: frozenset[str]


def look_at(run: Candidate, whole: Sentence, clues: FeaturePatterns) -> MentionFeatures:
    """Look at a run of a sentence, and at the words before and behind it."""
    if clues.capitals and _is_common(run.text, clues):
        return MentionFeatures(run.start, "", "", Counter(), frozenset())
    sentence = whole.text
    article = clues.noun_before is not None and clues.noun_before.search(_around(whole, run.start - 30, run.start))
    start, text, heads, titled = _strip(run, clues, article=bool(article))
    compound = _COMPOUND.match(text)
    if compound and clues.role.match(fold(compound["last"])):
        text, heads = compound["first"], heads | {"-"}  # "Alpenbahn-Chefin"
    end = start + len(text)
    before, after = _around(whole, start - 44, start), _around(whole, end, end + 44)
    evidence: Counter[str] = Counter()
    if heads:
        evidence["firm"] += 1
    if found := clues.firm_before.search(before):
        evidence["firm"] += 1
        heads |= {found["head"]}
    if " " not in text and _is_adjective(before, after, sentence[start + len(text) :], clues):
        return MentionFeatures(start, "", "", evidence, heads)  # "the Kiwi breeder Southern Tussock"
    if found := clues.firm_after.match(after):
        evidence["firm"] += 1
        heads |= {found["head"]}
    evidence["source"] += _reports(whole, start, clues)
    evidence["met"] += clues.met_before.search(before) is not None and not _ASKED.search(before)
    evidence["led"] += bool(clues.led_before.search(before) or clues.led_after.match(after))
    evidence["media"] += any(world().media_head.match(head) for head in heads)
    words = fold(text).split()
    if len(words) > 1 and words[-1].rstrip(".") in world().legal:
        evidence["firm"] += 2
        evidence["legal"] += 1
    evidence["firm"] += len(words) > 1 and bool(clues.firm_base.fullmatch(words[-1]))
    evidence["firm"] += len(words) > 1 and clues.capitals and _HOUSE.match(words[-1]) is not None
    evidence["person"] += _person(words, before, after, clues, met=bool(evidence["met"])) + 2 * titled
    evidence["place"] += " " not in text and clues.firm_of.search(before) is not None
    evidence["place"] += is_place(key_of(text), before, clues)
    evidence["place"] += (
        before.endswith("the ") and _FIRM_OF.match(sentence[end:]) is not None and bool(clues.firm_next.match(after))
    )
    evidence["firm"] += _is_partner(fold(text), before, clues)
    if clues.noun_before is not None and not heads and (article := clues.noun_before.search(before)):
        evidence["noun"] += 1
        evidence["hard"] += article[0].strip() not in ("der", "die")
    elif clues.capitals and not heads:
        evidence["bare"] += _is_bare(fold(text), before, after, clues)
        if run.initial and start == run.start and " " not in text:
            acts = _is_subject(fold(text), after, clues)
            evidence["bare"] += acts
            evidence["subject"] += acts
            evidence["opens"] += _opens(fold(text), after, clues)
    return MentionFeatures(start, text, key_of(text), evidence, frozenset(heads))


def look_again(
    run: Candidate, whole: Sentence, clues: FeaturePatterns, other: Candidate, before: MentionFeatures
) -> MentionFeatures:
    """Look at a run that is settled: what of it is the name is known, and only a source is told each time."""
    start = run.start + before.start - other.start
    evidence = Counter({"settled": 1, "source": int(_reports(whole, start, clues))})
    return MentionFeatures(start, before.text, before.key, evidence, frozenset())


def _reports(whole: Sentence, start: int, clues: FeaturePatterns) -> bool:
    """Tell whether a name stands behind "according to"."""
    before = _around(whole, start - 44, start)
    source = clues.source_before.search(before)
    return source is not None and not _CLAUSE.search(whole.text[start - len(before) + source.start() : start])


def _is_common(text: str, clues: FeaturePatterns) -> bool:
    """Tell whether a German word can be no name, whatever stands beside it: it need not be looked at."""
    if not text.isalpha():
        return False
    word = fold(text)
    return word in clues.nouns or word in clues.empty or ABSTRACT.match(word) is not None


def _is_partner(word: str, before: str, clues: FeaturePatterns) -> bool:
    """Tell "die Kooperation mit der Stadtbank": a compound that firms are named by, where a partner stands."""
    if not clues.compound.fullmatch(word) or word in clues.nouns:
        return False
    if clues.led_before.search(before):
        return True  # "an der Spitze der Sonnenkasse"
    if _AND_THE.search(before):
        return True  # "Weizengold und die Saalebank"
    article = _ARTICLE_DATIVE.search(before)
    return article is not None and (
        article.start() == 0 or clues.companion.search(before[: article.end() - 4]) is not None
    )


_HOUSE = re.compile(
    r"[a-z]*(?:versicherung|bank|kasse|bahn(?:en)?|werke|stiftung|akademie|universitat|hochschule|klinik(?:um|en)?|museum|theater"
    r"|betriebe|messe|kammer|oper|linien?)$"
)
"""A house that is called by its town: "der Tiroler Landesversicherung"."""
_AND_THE = re.compile(r"[a-z] (?:und|sowie) (?:die|das) $")
_ARTICLE_DATIVE = re.compile(r"(?:^mit| mit| zwischen) de[rm] $")


def _is_adjective(before: str, after: str, behind: str, clues: FeaturePatterns) -> bool:
    """Tell "the Kiwi breeder Southern Tussock" and "with Northern libraries operator Civic Shelf"."""
    if _ADJECTIVE.match(behind) and clues.firm_next.match(after):
        return True
    return bool(_DESCRIBED.match(behind) and _BEFORE_NOUN.search(before) and clues.firm_next.match(_second(after)))


_FIRM_OF = re.compile(r"\s[a-z-]+(?!\s[^\W\d_a-zß-ÿ])(?!\w)")
"""A word for a firm and no name behind it: "the Edinburgh company"."""


def _second(after: str) -> str:
    """Return what follows the first word behind a name."""
    _, space, rest = after.lstrip().partition(" ")
    return space + rest


_DESCRIBED = re.compile(r"\s[a-zß-ÿ-]+\s[a-zß-ÿ-]+\s[^\W\d_a-zß-ÿ]")
_BEFORE_NOUN = re.compile(r"(?<!\w)(?:with|the|an?|of|by|from|between|met|van|de) '?$")
_ASKED = re.compile(r"inter(?:view|vista)|entretien|entrevista|gesprach mit|vraaggesprek|t(?:old|alk\w*) ")
_CLAUSE = re.compile(r"\s[^\W\d_a-zß-ÿ]\w+[\"»“]?\s[a-zß-ÿ]+\s$")
"""A source and its verb: "laut Handelsblatt erwägt Brunnhof"."""


def _around(sentence: Sentence, start: int, end: int) -> str:
    """Return a stretch of a sentence in folded form, from the folded sentence where that has kept its length."""
    folded = sentence.folded.text
    if len(folded) == len(sentence.text):
        return folded[max(0, start) : end]
    return fold(f"x{sentence.text[max(0, start) : end]}x")[1:-1]  # beside a letter an apostrophe is no quotation mark


ABSTRACT = re.compile(
    r".*(?:ung|ungen|heit|keit|keiten|schaft|schaften|ion|ionen|tat|taten|nisse?|ment|innen|enz|anz|kosten)$"
)
_COMPANION = re.compile(r"(?<!\w)(?:mit|zwischen|und|sowie|von) '?$")
_VERB_BEFORE = re.compile(r"(?:[a-z]{3,}(?:t|te|ten|en)|will|soll|kann|muss|darf|hat|ist|war|wird) (?:sich )?$")
_OBJECT_AFTER = re.compile(
    r" (?:am|im|eine?[nmr]?|den|das|die|der|dem|nun|auch|seit|mit|zusammen|gemeinsam|jetzt|kunftig|sich|nicht"
    r"|wenigstens|bereits|schon|zudem|ausserdem|derzeit|unterdessen|hingegen|dagegen|fur|in|bei|an|auf|zum|zur)(?!\w)"
)


def _is_bare(word: str, before: str, after: str, clues: FeaturePatterns) -> bool:
    """Tell whether a German word without an article stands where a noun would need one, or a plural ending."""
    if ABSTRACT.match(word) or word in clues.nouns:
        return False
    if clues.companion.search(before):
        return True  # "eine Kooperation mit Fjordlinien"
    if word.endswith(("en", "ern", "eln")):
        return False
    return bool(_COMPANION.search(before) or (_VERB_BEFORE.search(before) and _OBJECT_AFTER.match(after)))


_ACTS = re.compile(
    r" (?:(?:hat|will|soll|kann|muss|darf|wird|[a-z]{3,}te?) (?:sich|nicht|den|einen|einem|seine[nrm]?|ihre[nrm]?"
    r"|sein|ihr|mit|fur|auf|im|in|am|an|zum|zur|bei|beim|vom|von|unter|nun|nach|bereits|schon|bald|ebenfalls|auch|aus|damals|dagegen"
    r"|hingegen|derweil|unterdessen|inzwischen|wiederum|wieder|gegen|uber|um|als|rund|stattdessen|zudem|ausserdem|kunftig"
    r"|jetzt|\d)(?!\w)|(?!ist,|sind,|war,|bleibt,)[a-z]{3,}te?[,:])"
)
"""A verb and an object or an adverb, with no subject of its own: who stands before it acts."""
_VERB_BEHIND = re.compile(r" (?:hat|will|soll|kann|muss|darf|wird|[a-z]{3,}te?)(?: |,|\.|:)")
_ADVERB = re.compile(r".*(?:lich|isch|ig|weise|dem|falls|mals|warts|los|bar|sam|end|haft)$")


def _is_subject(word: str, after: str, clues: FeaturePatterns) -> bool:
    """Tell whether a German word that opens its sentence without an article acts: "Federleicht meldete Verluste"."""
    if word in clues.empty or word in clues.nouns or ABSTRACT.match(word) or _ADVERB.match(word):
        return False
    return _ACTS.match(after) is not None


def _opens(word: str, after: str, clues: FeaturePatterns) -> bool:
    """Tell whether a German word opens its sentence before a verb: once it may be an adverb, again and again a name."""
    if word in clues.empty or word in clues.nouns or ABSTRACT.match(word) or _ADVERB.match(word):
        return False
    return _VERB_BEHIND.match(after) is not None


_ADJECTIVE = re.compile(r"\s[a-zß-ÿ-]+\s[^\W\d_a-zß-ÿ]")
_COMPOUND = re.compile(r"(?P<first>\w{3,})-(?P<last>\w+)$")


def is_place(name: str, before: str, clues: FeaturePatterns) -> bool:
    """Tell whether a preposition of place stands before a name, and no verb that takes "to" somebody."""
    if not clues.place_before.search(before):
        return False
    return name in clues.places or (not clues.cue.search(before[-40:]) and not clues.dative_before.search(before))


def is_person(words: list[str], before: str, after: str, clues: FeaturePatterns) -> bool:
    """Tell whether a role beside a name, or a given name in it, makes it a person's."""
    titled = len(words) > 2 and clues.role.match(words[0]) is not None
    return titled or _person(words, before, after, clues, met=False) > 0


def _person(words: list[str], before: str, after: str, clues: FeaturePatterns, *, met: bool) -> int:
    """Count what makes a name a person's: a role before it, a role behind it, a given name."""
    if len(words) < 2:
        return int(bool(clues.person_before.search(before)))
    if "&" in words:
        return 0
    beside = bool(clues.person_before.search(before)) + _is_called(after, clues, met=met)
    return beside + (len(words) < 4 and not world().given.isdisjoint(words[:-1]))


def _strip(run: Candidate, clues: FeaturePatterns, *, article: bool) -> tuple[int, str, frozenset[str], bool]:
    """Take off what opens the sentence, a nationality, a capitalised word for a firm or for a role."""
    start, text, heads, titled = run.start, run.text, set[str](), False
    while text:
        word, space, rest = text.partition(" ")
        first = fold(word)
        if fold(rest).rstrip(".") in world().legal or fold(text) in clues.places or rest[:2] in ("& ", "+ "):
            break
        empty = run.initial and start == run.start and first in clues.empty
        if rest and clues.role.match(first):
            titled = True
        elif rest and clues.capitals and _INFLECTED.match(first):
            heads.add(first)  # "der Technischen Hochschule Elbtal", in whatever case
        elif (
            rest
            and not heads
            and (clues.capitals or (start == run.start and run.initial))
            and _is_descriptor(first, clues)
        ) or (rest and article and start == run.start and _is_apposition(first, rest, clues)):
            heads.add(first)
        elif not (empty or first == "the" or (rest and (NATIONALITY.match(first) or _is_tail(word, rest, clues)))):
            break
        joint = _JOINT.match(rest)
        titled = titled and joint is None  # "le PDG de Skymontagne" names a firm
        skipped = joint.end() if joint else 0
        start += len(word) + len(space) + skipped
        text = rest[skipped:]
    return start, text, frozenset(heads), titled


def _is_called(after: str, clues: FeaturePatterns, *, met: bool) -> bool:
    """Tell whether a role stands behind a name; "avec Drone Alpes, le PDG de Skymontagne …" goes on with another."""
    return clues.person_after.match(after) is not None and not (met and _ANOTHER.match(after))


_ANOTHER = re.compile(r",\s(?:l[ae]|el|il|d(?:er|ie))\s")
_INFLECTED = re.compile(r"[a-z]{2,}(?:isch|deutsch|lich)(?:en|er|em|es)$")
"""An adjective that is part of a name, in a case that the name by itself does not have."""

_JOINT = re.compile(r"(?:d[a-z]{0,4}(?: l[ae]s?)?|of|of the) |d['’]|de l['’]|dell['’]")
"""What joined a name to the word that was taken off: "IA d'Apple"."""


def _is_apposition(first: str, rest: str, clues: FeaturePatterns) -> bool:
    """Tell "dem Schlafwagenvermieter Nocturna", noun and name, from a name of two words: "der Deutschen Bank"."""
    last = fold(rest.split(" ")[-1]).rstrip(".")
    own = _is_house(first, clues) or first in world().given or first in clues.branches
    plain = last in world().legal or fold(rest) in clues.nouns or clues.firm_word.match(last)
    return not own and not plain and first.isalpha()


def _is_tail(word: str, rest: str, clues: FeaturePatterns) -> bool:
    """Tell whether the first word is none of a name's: "IA d'Apple", "Die Voltmoor", "Münchner Start-up Protonik"."""
    first = fold(word)
    if (
        first in world().common
        or (word.islower() and not _is_house(f"{first} {fold(rest)}", clues))
        or (clues.capitals and first in clues.empty)
    ):
        return True
    if first in clues.nouns:
        return not clues.institution.match(first) and first not in clues.branches
    words = rest.split(" ")
    return clues.capitals and len(words) > 1 and _is_descriptor(fold(words[0]), clues)


NATIONALITY = re.compile(
    r"(?:[a-z]{3,}(?:ese|nian|ssian|trian|garian|ndian|talian|wegian|azilian|gian)|(?:brit|dan|swed|finn|pol|span|turk|ir|scott|engl|jew|flem|corn)ish|french"
    r"|german|dutch|greek|swiss|czech|thai|welsh|icelandic|faroese|american|mexican|korean|african|european|asian|chilean|israeli|indian"
    r"|australian|canadian|franse|duitse|britse|belgische|spaanse|deense|noorse|zweedse|italiaanse)$"
)


def _is_descriptor(word: str, clues: FeaturePatterns) -> bool:
    """Tell a word for a firm from the first of a name; of "Stadtwerke-Tochter" the end says what it is."""
    return bool(clues.firm_word.match(word)) and not _is_house(word.rpartition("-")[2], clues)


def _is_house(text: str, clues: FeaturePatterns) -> bool:
    """Tell whether a name may begin so: "Universität Cottbus", "université de Foix"."""
    return bool(clues.institution.match(text) or world().institution.match(text))


def key_of(text: str) -> str:
    words = fold(text).replace(".", " ").split() if text.isupper() else fold(text).split()
    kept = [word for word in words if word.rstrip(".") not in world().legal] or words
    return " ".join(word.rstrip(".") for word in kept)
