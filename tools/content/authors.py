"""Read the authors of a source, and write them as medicine does: Zarate CA Jr."""

import re
from html import unescape

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person

from tools.content.latex import TAG, plain_words

WRITE = "Write and between authors, as in Lee, Ann and Stone, Carl."
OTHERS = "others"
# A group in braces, as a body's name is.
GROUP = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
# A name as PubMed writes it: Smith JA Jr.
VANCOUVER = re.compile(r"(.*[^\W\d_A-Z].*?)\s+([A-ZÀ-Þ-]{1,4})(?:\s+(\S+))?")
LINEAGE = re.compile(r"(?:Jr|Sr|I{1,3}|IV|V|[23]r?[dn]|\dth)\.?", re.IGNORECASE)
DEGREE = re.compile(r"\b(?:M\.?D|Ph\.?D|M\.?Sc|B\.?Sc|M\.?P\.?H|MBBS|Pharm\.?D|R\.?N|Psy\.?D)\b\.?")
# Words that occur in the names of bodies, and in no person's name.
BODY = re.compile(
    r"\b(?:Academy|Administration|Agency|Alliance|Association|Authority|Board|Bureau|Cent(?:er|re)"
    r"|Clinic|Cochrane|Collaborat\w+|College|Commission|Committee|Consortium|Corporation|Council"
    r"|Department|Directorate|Excellence|Executive|Federation|Foundation|Government|Groups?|Health"
    r"|Hospitals?|Inc|Initiative|Institutes?|Investigators|Laborator\w+|Library|Ltd|Medicines?"
    r"|Ministry|Nations|Network|Offices?|Organi[sz]ation|Panel|Parliament|Program(?:me)?|Project"
    r"|Registry|Research|Schools?|Secretariat|Services?|Societ(?:y|ies)|Survey|Task ?[Ff]orce|Team"
    r"|Trials?|Trust|Union|Universit(?:y|ies)|Unit|of|for|the)\b"
)


def read_authors(value: str) -> list[tuple[str, str]]:
    """Return the authors in order, as pairs: the family name (or a body's name), the name to print.

    OTHERS stands for authors who are not named. Raise ValueError for a list that BibTeX would
    misread.
    """
    value = TAG.sub("", unescape(" ".join(value.split())))
    outside = GROUP.sub("{}", value)
    if ";" in outside:
        raise ValueError(f"has a semicolon. {WRITE}")
    if re.search(r"\bet\.? al\b", outside, re.IGNORECASE):
        raise ValueError("has et al. Write and others for the authors who are not named.")
    if re.search(r"(?:^|\s)&(?:\s)|\\&\s", outside):
        raise ValueError(f"has &. {WRITE}")
    names = [name.strip() for name in split_name_list(value)]
    if not all(names):
        raise ValueError(f"has an empty name. {WRITE}")
    letters = re.sub(r"\\[a-zA-Z]+|\band\b|[\W\d_]", "", outside)
    if len(letters) > 12 and letters.isupper():
        raise ValueError("is in capitals. Write names as in Lee, Ann and Stone, Carl.")
    return [(OTHERS, OTHERS) if name == OTHERS else read_name(name) for name in names]


def read_name(name: str) -> tuple[str, str]:
    """Return an author's family name and the name to print; raise ValueError if it is no name."""
    if GROUP.fullmatch(name):
        return plain_words(name), plain_words(name)
    if BODY.search(name) or len(name.split()) > 6:
        raise ValueError(
            f"{name}: if this is a body, put its name in a second pair of braces, "
            "as in author = {{Food and Drug Administration}}."
        )
    if DEGREE.search(name):
        raise ValueError(f"{name}: leave out the degree, and write a name as in Lee, Ann.")
    parts = [part.strip() for part in re.split(r",(?![^{}]*\})", name)]
    if len(parts) == 1:
        parts = without_comma(name)
    elif (
        not all(parts)
        or len(parts) > 3
        or (len(parts) == 3 and not LINEAGE.fullmatch(parts[1]))
        or (len(parts) == 2 and re.search(r"\s[A-ZÀ-Þ]{1,3}$", parts[0]))
    ):
        raise ValueError(f"{name}: {WRITE}")
    family, *lineage, first = map(plain_words, parts)
    after = [initials(first), *(word.rstrip(".") for word in lineage)]
    return family, " ".join(filter(None, [family, *after]))


def without_comma(name: str) -> list[str]:
    """Return the parts of a name without a comma, in the order that a name with commas has."""
    match = VANCOUVER.fullmatch(name)
    if match and (not match[3] or LINEAGE.fullmatch(match[3])):
        return [match[1], *filter(None, [match[3]]), match[2]]
    person = Person(name)
    return [
        " ".join(person.prelast_names + person.last_names),
        " ".join(person.first_names + person.middle_names),
    ]


def initials(first: str) -> str:
    """Return the initials of first names: CA for Carlos A., and for CA."""
    pieces = [piece for piece in re.split(r"[\s.-]+", first) if piece]
    return "".join(piece if piece.isupper() and len(piece) <= 4 else piece[0] for piece in pieces)
