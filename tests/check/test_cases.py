"""Troubles of writers elsewhere: each is told with its line and its remedy, or does no harm.

The inputs are small stand-ins for what public reports describe: text from Word, Google Docs, pandoc,
Obsidian, GitHub and chat programs, records from reference managers, pictures that are none, merges
that are not settled. All are judged by the function that `invoke check` and every build call; those
that are accepted are also built, all at once.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import CORPUS, Built, build, copy_project, invoke
from PIL import Image

from plugins.series import apostrophes
from tools.check import site
from tools.check.document import Rules
from tools.check.patterns import PATTERNS
from tools.check.readability import sentences
from tools.project import read_settings

NOTE = "content/posts/a-note.md"
PART = "content/posts/3-calmer-thoughts.md"
LAST = "content/posts/5-a-word-on-ice-and-traffic.md"
PARTS = sorted(f"content/posts/{p.name}" for p in CORPUS.glob("content/posts/[0-9]-*.md"))
BIB = "content/sources.bib"
HEAD = "Title: A note\nDate: 2021-03-01\n"
PNG = (CORPUS / "content/images/path.png").read_bytes()
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
Files = dict[str, str | bytes | None]  # None: the file is deleted


def post(*lines: str, header: str = "") -> Files:
    """A post whose first line of words is line 4, or one more for each line of the header."""
    return {NOTE: HEAD + header + "\n" + "\n".join(lines) + "\n"}


def titled(title: str) -> Files:
    return {NOTE: f"Title: {title}\nDate: 2021-03-01\n\nWords.\n"}


def entry(fields: str, key: str = "lee2019", kind: str = "article", more: str = "") -> Files:
    """An entry of sources.bib after the corpus's own, cited in a post."""
    bib = (CORPUS / BIB).read_text(encoding="utf-8").rstrip("\n")
    fields += "\n  urldate = {2021-03-01},\n  stance = {supports},"
    return {
        BIB: f"{bib}\n\n@{kind}{{{key},\n{fields}\n}}\n{more}",
        NOTE: f"{HEAD}\nA study looked at this ([Lee 2019](#{key})).\n",
    }


def lee(author: str = "Lee, Ann", title: str = "A small trial", more: str = "") -> str:
    author = f"  author = {{{author}}},\n" if author else ""
    rest = "  journal = {Some Journal},\n  year = {2019},\n  doi = {10.1000/abc},"
    return f"{author}  title = {{{title}}},\n{rest}{more}"


def added(name: str, old: str, new: str) -> Files:
    text = (CORPUS / name).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    return {name: text.replace(old, new, 1)}


def noted(sentence: str) -> Files:
    """A part with one more sentence in its notes."""
    last = (
        "- The board asks for more and longer trials ([Walking Board 2019](#walkingboard2019)).\n"
    )
    return added(PART, last, f"{last}- {sentence}\n")


def picture(name: str, data: bytes, link: str = "") -> Files:
    link = link or f"{{static}}/images/{name}"
    return {f"content/images/{name}": data, **post(f"![A chair by a window]({link})")}


def wide(kind: str) -> bytes:
    data = BytesIO()
    Image.new("L", (4001, 2)).save(data, kind)
    return data.getvalue()


def svg(inside: str) -> Files:
    return picture("chair.svg", SVG.format(inside).encode())


CITED = "([Tanaka 2016](#tanaka2016))"
CONFLICT = "<<<<<<< HEAD\n{0}=======\n{1}>>>>>>> other\n"
ZOTERO = """\
  title = {A small trial},
  author = {Lee, Ann},
  date = {2019-03-04},
  journaltitle = {Some Journal},
  shortjournal = {Some J},
  pages = {3--4},
  issn = {1234-5678},
  doi = {https://doi.org/10.1000/abc},
  url = {http://example.org/abc},
  abstract = {Half of them (50\\%) were better.},
  langid = {english},
  keywords = {Mood,Walks},
  file = {/home/a/lee.pdf},"""
BIB_END = (CORPUS / BIB).read_text(encoding="utf-8").rstrip("\n").count("\n") + 1

# What is told: the files, and file:line: with what the message must say, for each line of it.
REPORTED: dict[str, tuple[Files, list[str]]] = {
    # Sources
    "03 no year": (entry("  author = {Lee, Ann},\n  title = {A},\n  doi = {10.1000/abc},"), [rf"{BIB}:{BIB_END + 2}: lee2019: year is missing\. Add a line: year"]),
    "03 year in words": (entry(lee().replace("2019", "in press", 1)), [rf"{BIB}:{BIB_END + 6}: lee2019: year: in press is no year"]),
    "06 a field mistyped": (entry(lee(more="\n  volum = {3},")), [rf"{BIB}:{BIB_END + 8}: lee2019: volum is unknown here\. Did you mean volume\?"]),
    "08 LaTeX of its own": (entry(lee(title=r"A \foo{small} trial")), [rf"{BIB}:{BIB_END + 4}: lee2019: title: has LaTeX that this site cannot read: \\foo"]),
    "11 corporate author without braces": (entry(lee("Footpaths and Public Ways Administration")), [rf"{BIB}:{BIB_END + 3}: lee2019: author: .*second pair of braces"]),
    "12 authors with commas": (entry(lee("Lee A, Stone CD, Park EF")), [rf"{BIB}:{BIB_END + 3}: .*Write and between authors"]),
    "12 two authors with a comma": (entry(lee("Lee A, Stone CD")), [rf"{BIB}:{BIB_END + 3}: .*Write and between authors"]),
    "12 authors with semicolons": (entry(lee("Lee, Ann; Stone, Carl")), [rf"{BIB}:{BIB_END + 3}: .*semicolon\. Write and between"]),
    "12 authors with ampersand": (entry(lee("Lee, Ann & Stone, Carl")), [rf"{BIB}:{BIB_END + 3}: .*Write and between authors"]),
    "12 a degree": (entry(lee("Lee, Ann, MD")), [rf"{BIB}:{BIB_END + 3}: .*leave out the degree"]),
    "12 names in capitals": (entry(lee("LEE, ANNABEL and STONE, CARL")), [rf"{BIB}:{BIB_END + 3}: .*in capitals"]),
    "14 et al": (entry(lee("Lee, Ann and et al.")), [rf"{BIB}:{BIB_END + 3}: .*Write and others"]),
    "18 duplicate key": (entry(lee(), more="\n@article{Lee2019,\n" + lee(title="Another").replace("abc", "abd") + "\n  urldate = {2021-03-01},\n  stance = {limits},\n}\n"), [rf"{BIB}:{BIB_END + 12}: Lee2019: lee2019, in line {BIB_END + 2}, has this key already\."]),
    "18 a field twice": (entry(lee(more="\n  title = {Another},")), [rf"{BIB}:{BIB_END + 8}: .*title twice"]),
    "18 an entry without a key": (entry(lee(), key=""), [rf"{BIB}:{BIB_END + 2}: \"\" is no key\. Write letters and digits"]),
    "18 a brace missing": (entry(lee(title="A {small trial")), [rf"{BIB}:{BIB_END + 2}: lee2019: a brace of this entry is not closed"]),
    "18 a comma missing": (entry(lee().replace("Ann},", "Ann}")), [rf"{BIB}:{BIB_END + 4}: This is no BibTeX: .*comma"]),
    "18 a word without braces": (entry(lee(more="\n  volume = March,")), [rf"{BIB}:{BIB_END + 8}: This is no BibTeX: .*March"]),
    "23 pubmed nbib": (entry(lee(), more="\nPMID- 12345678\nTI  - A small trial.\n"), [rf"{BIB}:{BIB_END + 12}: This belongs to no entry, .*\.nbib"]),
    "23 RIS": (entry(lee(), more="\nTY  - JOUR\nT1  - A\nER  - \n"), [rf"{BIB}:{BIB_END + 12}: This belongs to no entry, .*RIS"]),
    "23 a line outside of all entries": (entry(lee(), more="\nLee's trial:\n"), [rf"{BIB}:{BIB_END + 12}: This belongs to no entry, and nothing reads it"]),
    "01 a doi that is none": (entry(lee().replace("10.1000/abc", "abc")), [rf"{BIB}:{BIB_END + 7}: .*is no DOI"]),
    # Conflicts
    "35 merge conflict in a post": (post("First.", "", *CONFLICT.format("Monday.\n\n", "\nTuesday.\n").split("\n")), [rf"{NOTE}:6: A merge conflict is not settled here\. Keep one"]),
    "36 merge conflict without gaps": (post(*CONFLICT.format("Monday.\n", "Tuesday.\n").split("\n")), [rf"{NOTE}:4: A merge conflict"]),
    "36 merge conflict with a base": (post("<<<<<<< Updated upstream", "A", "||||||| 1a2b3c4", "B", "=======", "C", ">>>>>>> Stashed changes"), [rf"{NOTE}:4: A merge conflict"]),
    "130 merge conflict in sources.bib": (added(BIB, "@article{fo2017", "<<<<<<< HEAD\n@article{fo2017"), [rf"{BIB}:\d+: A merge conflict"]),
    "131 merge conflict in helplines.toml": (added("content/helplines.toml", "[[helpline]]", "<<<<<<< HEAD\n[[helpline]]"), [r"content/helplines\.toml:\d+: A merge conflict"]),
    "132 merge conflict in words.txt": ({"content/words.txt": "nought\n<<<<<<< HEAD\n"}, [r"content/words\.txt:2: A merge conflict"]),
    "132 merge conflict in the article": (added("content/article.txt", "    1. Waking", "<<<<<<< HEAD\n    1. Waking"), [r"content/article\.txt:5: A merge conflict"]),
    "132 a capital in words.txt": ({"content/words.txt": "Lhasa\n"}, [r'content/words\.txt:1: "Lhasa" is not one word in small letters']),
    # The author's article
    "133 heading without its colon": (added("content/article.txt", "    In conclusion", "    6. A new part\n\n    Words of it.\n\n    In conclusion"), [r'content/article\.txt:25: "6\. A new part" is no heading\. Write a colon']),
    "133 heading alone": (added("content/article.txt", "    In conclusion", "    5. A new part:\n\n    In conclusion"), [r'content/article\.txt:25: "5\. A new part:" has no paragraph']),
    "133 two headings": (added("content/article.txt", "    2. Steadier", "    2. A new part:\n\n    2. Steadier"), [r'content/article\.txt:11: "2\. A new part:" has no paragraph']),
    "133 a line wrapped": (added("content/article.txt", " A short walk", "\n A short walk"), [r"content/article\.txt:8: A paragraph stands on one line"]),
    "133 a second paragraph": (added("content/article.txt", "    2. Steadier", "    More words of the author's, and many of them, so that nobody takes this line for a heading of a part.\n\n    2. Steadier"), [r"content/article\.txt:9: A part has one paragraph"]),
    "133 a number twice": (added("content/article.txt", "    2. Steadier", "    1. Steadier"), [r"content/article\.txt:9: This is part 2"]),
    "133 article in Latin-1": ({"content/article.txt": "Caf\u00e9\n".encode("latin-1")}, [r"content/article\.txt:1: .*UTF-8"]),
    # Texts that the site cannot do without
    "the last part deleted": ({LAST: None}, [r'content/article\.txt:21: part 5, "A Word on Ice and Traffic", has no published post\. Take it back from git, as content/posts/5-a-word-on-ice-and-traffic\.md\.']),
    "the last part a draft": (added(LAST, "Category:", "Status: draft\nCategory:"), [rf'{LAST}:3: Part 5, "A Word on Ice and Traffic", is a draft.*Delete the line Status: draft']),
    "a part in the middle a draft": (added(PART, "Category:", "Status: draft\nCategory:"), [rf'{PART}:3: Part 3, "Calmer Thoughts", is a draft', r"an-ordinary-post\.md:8: posts/3-calmer-thoughts\.md is a draft"]),
    "every part deleted": (dict.fromkeys(PARTS), [rf"content/article\.txt:\d+: part {number}, .* has no published post" for number in range(1, 6)] + [r"content/.*: posts/\d-.* is not there"]),
    "a part that lost its number": ({PART: None, "content/posts/calmer-thoughts.md": (CORPUS / PART).read_bytes()}, [r"content/article\.txt:13: part 3, .*Rename content/posts/calmer-thoughts\.md to 3-calmer-thoughts\.md", r"an-ordinary-post\.md:8: posts/3-calmer"]),
    "the introduction deleted": ({"content/pages/introduction.md": None}, [r"content/pages/introduction\.md:1: There is no page introduction, .*Take it back from git"]),
    "the conclusion a draft": (added("content/pages/conclusion.md", "hidden", "draft"), [r"content/pages/conclusion\.md:3: .*Write Status: hidden"]),
    "the introduction not hidden": (added("content/pages/introduction.md", "Status: hidden\n", ""), [r"content/pages/introduction\.md:1: .*Write Status: hidden"]),
    "a page that trust rests on deleted": ({"content/pages/about.md": None}, [r"content/pages/about\.md:1: There is no page about, .*Take it back from git"]),
    "the help page a draft": (added("content/pages/get-help-now.md", "Notice:", "Status: draft\nNotice:"), [r"content/pages/get-help-now\.md:3: Status: draft: .*Delete the line", r"content/.*: pages/get-help-now\.md is a draft"]),
    "a page that WHAT_NEXT names hidden": (added("content/pages/questions-before-a-walk.md", "Template:", "Status: hidden\nTemplate:"), [r"content/pages/questions-before-a-walk\.md:4: Status: hidden: WHAT_NEXT .*Delete the line"]),
    "a page that WHAT_NEXT names deleted": ({"content/pages/questions-before-a-walk.md": None}, [r"pelicanconf\.py:\d+: WHAT_NEXT: there is no page questions-before-a-walk"]),
    "a plugin that is not there": ({"pelicanconf.py": 'PLUGINS = ["plugins.strict", "plugins.citatoins"]\n'}, [r"pelicanconf\.py:\d+: There is no plugin plugins\.citatoins\. Did you mean plugins\.citations\?"]),
    "the author's paragraph broken in two": (added(PART, " After the first mile", "\n\nAfter the first mile"), [rf"{PART}:8: The author wrote one paragraph here: take the empty line out"]),
    "the introduction broken in two": (added("content/pages/introduction.md", " As a walking guide", "\n\nAs a walking guide"), [r"introduction\.md:7: The author wrote one paragraph"]),
    "the author's line broken": (added(PART, " After the first mile", "  \nAfter the first mile"), [rf"{PART}:7: The author broke no line here"]),
    "one paper under two keys": (entry(lee().replace("10.1000/abc", "10.1000/ABC"), more="\n@article{lee2020,\n" + lee() + "\n  urldate = {2021-03-01},\n  stance = {limits},\n}\n"), [rf"{BIB}:{BIB_END + 17}: lee2020: lee2019, in line \d+, has this doi already\."]),
    "one PubMed number under two keys": (entry(lee().replace("doi = {10.1000/abc}", "pmid = {12345}"), more="\n@article{lee2020,\n" + lee(more="\n  pmid = {12345},") + "\n  urldate = {2021-03-01},\n  stance = {limits},\n}\n"), [rf"{BIB}:\d+: lee2020: lee2019, in line \d+, has this pmid already"]),
    "a conflict's middle line": (post("Monday.", "=======", "Tuesday."), [rf"{NOTE}:5: A merge conflict"]),
    "a conflict's last line": (post("Monday.", "", ">>>>>>> other"), [rf"{NOTE}:6: A merge conflict"]),
    # Telephone numbers
    "a helpline's number in a post": (post("Words.", "", "Ring 555 0101 at night."), [rf"{NOTE}:6: Telephone numbers stand in content/helplines\.toml alone"]),
    "a helpline's number without spaces": (post("The line 5550101 is free."), [rf"{NOTE}:4: Telephone numbers"]),
    "an emergency number in a page": (added("content/pages/about.md", "All of it", "In danger, call 555.\nAll of it"), [r"about\.md:7: Telephone numbers"]),
    # Slips
    "a letter of another script": (post("Words \u0430nd words."), [rf"{NOTE}:4: .*U\+0430. only looks like a plain letter"]),
    "a ligature": (post("The \ufb01rst."), [rf"{NOTE}:4: .*U\+FB01.*Type fi\."]),
    "a letter of mathematics": (post("The \U0001d41birst."), [rf"{NOTE}:4: .*U\+1D41B.*Type b\."]),
    "a word twice": (post("This is", "is a slip."), [rf'{NOTE}:4: "is is" has a word twice']),
    "a mark to come back to": (post("It began in XXX."), [rf'{NOTE}:4: "XXX" tells']),
    "a typesetter's words": (post("Lorem ipsum dolor."), [rf'{NOTE}:4: "Lorem ipsum" tells']),
    "a link through a search engine": (post("[a](https://www.google.com/url?q=https://example.org/a&sa=D)"), [rf"{NOTE}:4: .*Write https://example\.org/a$"]),
    "a picture without its exclamation mark": (post("[A path]({static}/images/path.png)"), [rf"{NOTE}:4: This links to a picture.*write ! in front"]),
    "a picture described by its file's name": (post("![path.png]({static}/images/path.png)"), [rf"{NOTE}:4: “path\.png” is a file's name"]),
    "a heading with nothing under it": (post("## One", "", "## Two", "", "Words.", "", "### Three"), [rf"{NOTE}:4: Nothing stands under", rf"{NOTE}:10: Nothing stands under"]),
    "a title in quotation marks": (titled('"A note"'), [rf"{NOTE}:1: Title: stands in quotation marks"]),
    "a retracted paper": (entry(lee(title="RETRACTED: A small trial")), [rf"{BIB}:{BIB_END + 4}: lee2019: title: says that the paper was retracted"]),
    "an address in the settings": ({"pelicanconf.py": 'SITEURL = "https://one.internal"\n'}, [r"pelicanconf\.py:\d+: SITEURL stays empty here"]),
    "an output folder in the settings": ({"pelicanconf.py": 'OUTPUT_PATH = "public"\n'}, [r"pelicanconf\.py:\d+: OUTPUT_PATH has no effect: the commands decide"]),
    # Names of files
    "a part's number with a zero": ({"content/posts/05-more.md": HEAD + "\nX.\n"}, [r"posts/05-more\.md:1: .*1 to 99, .*: 5-more\.md"]),
    "a part's number with a letter": ({"content/posts/7b-more.md": HEAD + "\nX.\n"}, [r"posts/7b-more\.md:1: .*7-more\.md.*more\.md"]),
    "a date in a name": ({"content/posts/2021-03-01-a-title.md": HEAD + "\nX.\n"}, [r"posts/2021-03-01-a-title\.md:1: A date belongs in the header.*rename the file to a-title\.md"]),
    "a post in the project's folder": ({"a-title.md": HEAD + "\nX.\n"}, [r"^a-title\.md:1: Nothing reads this here\. Posts are in content/posts/"]),
    "a post in contents/": ({"contents/posts/a-title.md": HEAD + "\nX.\n"}, [r"^contents/posts/a-title\.md:1: Nothing reads this here"]),
    "a post that is hidden": ({"content/posts/.a-title.md": HEAD + "\nX.\n"}, [r"posts/\.a-title\.md:1: .*Rename it to a-title\.md"]),
    "a backup alone": ({"content/posts/a-title.md~": HEAD + "\nX.\n"}, [r"posts/a-title\.md~:1: .*Rename it to a-title\.md"]),
    "a folder called like a post": ({"content/posts/a-title.md/x.md": HEAD + "\nX.\n"}, [r"posts/a-title\.md:1: This is a folder", r"a-title\.md/x\.md:1: Move the file"]),
    # Headers
    "140 address in a summary": (post("Words.", header="Summary: See https://example.org for more.\n"), [rf"{NOTE}:3: Summary: has an address"]),
    "55 private sign in a title": (titled("Sleep \uf0b7 well"), [rf"{NOTE}:1: Title: .*U\+F0B7"]),
    "55 line separator in a title": (titled("Sleep\u2028well"), [rf"{NOTE}:1: An invisible sign \(U\+2028\)"]),
    "55 entity in a title": (titled("Sleep &amp; walks"), [rf"{NOTE}:1: Title: has marks of HTML"]),
    "56 joiner without an emoji": (titled("Sleep\u200dwell"), [rf"{NOTE}:1: An invisible sign \(U\+200D\)"]),
    "56 letters damaged by an encoding": (post("Itâ€™s good."), [rf"{NOTE}:4: .*Type it again"]),
    "60 two authors": (post("Words.", header="Author: Doe, Jane, MD; Smith, Bo\n"), [rf"{NOTE}:3: Author: names more than one"]),
    "60 two authors with and": (post("Words.", header="Author: Jane Doe and Bo Smith\n"), [rf"{NOTE}:3: Author: names more than one"]),
    "60 the article's author under another post": (post("Words.", header="Author: a walking-guide\n"), [rf"{NOTE}:3: Author: a walking-guide wrote the parts"]),
    "60 an author of a part": (added(PART, "Category:", "Author: Jane Doe\nCategory:"), [rf"{PART}:3: Author: A walking guide wrote this"]),
    "61 a year of long ago": ({NOTE: "Title: A note\nDate: 0206-11-24\n\nX.\n"}, [rf"{NOTE}:2: Date: .*Correct the year"]),
    "62 two tags of one address": ({**post("Words.", header="Tags: bed-time\n"), "content/posts/b-note.md": "Title: B\nDate: 2021-03-01\nTags: bed time\n\nWords.\n"}, [r"content/posts/b-note\.md:3: Tags: bed time and bed-time .*one address"]),
    "63 placeholders published": ({NOTE: f"{HEAD}Summary: One sentence about it.\n\nWrite here.\n"}, [rf"{NOTE}:3: This is what `invoke new` wrote", rf"{NOTE}:5: This is what `invoke new` wrote"]),
    "71 an address of a page's": ({"content/posts/about.md": HEAD + "\nX.\n"}, [r"content/posts/about\.md:1: The address \"about\" is content/pages/about\.md's already"]),
    "72 a heading whose place is taken": (post("## Sources", "", "Words."), [rf"{NOTE}:4: This heading's place, #sources, is taken"]),
    "144 a page that speaks of suicide": ({"content/pages/a-page.md": HEAD + "Summary: A page.\n\nThoughts of suicide pass.\n"}, [r"content/pages/a-page\.md:1: This speaks of suicide"]),
    # Files
    "73 orig": ({"content/posts/a-note.md.orig": "x"}, [r"a-note\.md\.orig:1: .*Delete it, or rename it to a-note\.md"]),
    "73 bak": ({"content/posts/a-note.bak": "x"}, [r"a-note\.bak:1: .*Delete it, or rename it to a-note\.md"]),
    "73 rej": ({"content/posts/a-note.md.rej": "x"}, [r"a-note\.md\.rej:1: .*git could not apply"]),
    "75 docx": ({"content/posts/a-note.docx": b"PK"}, [r"a-note\.docx:1: This is no text: save it as Markdown"]),
    "75 Thumbs.db": ({"content/posts/Thumbs.db": b"x"}, [r"Thumbs\.db:1: This is no text: delete it"]),
    "75 vim's 4913": ({"content/posts/4913": b""}, [r"posts/4913:1: This is no text: delete it"]),
    "75 a picture among the posts": ({"content/posts/a.png": PNG}, [r"posts/a\.png:1: This is a picture: move it"]),
    "80 an LFS pointer": (picture("chair.png", LFS), [r"images/chair\.png:1: This is a Git LFS pointer.*git lfs pull"]),
    "80 a post that is an LFS pointer": ({NOTE: LFS}, [rf"{NOTE}:1: This is a Git LFS pointer"]),
    "81 an empty picture": (picture("chair.png", b""), [r"images/chair\.png:1: The file is empty"]),
    "81 half a picture": (picture("chair.png", PNG[:-20]), [r"images/chair\.png:1: The picture is not whole"]),
    "82 a web page": (picture("chair.jpg", b"<!DOCTYPE html><title>404</title>"), [r"images/chair\.jpg:1: This is a web page"]),
    "82 a PNG called JPEG": (picture("chair.jpg", PNG), [r"images/chair\.jpg:1: This is a PNG.*Rename it to chair\.png"]),
    "82 HEIC": (picture("chair.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"), [r"images/chair\.jpg:1: This is a HEIC"]),
    "83 a script in an SVG": (svg("<script>x()</script>"), [r"images/chair\.svg:1: .*take script out"]),
    "83 a handler in an SVG": (svg('\n<g onclick="x()"/>'), [r"images/chair\.svg:2: .*take onclick out"]),
    "83 an address in an SVG": (svg('\n<image href="https://example.org/a.png"/>'), [r"images/chair\.svg:2: .*take https://example\.org/a\.png out"]),
    "83 an old address in an SVG": (svg('<use xlink:href="//example.org/a.svg#a"/>'), [r"images/chair\.svg:1: .*take //example\.org"]),
    "83 a style's address in an SVG": (svg("<style>@import 'https://example.org/a.css';</style>"), [r"images/chair\.svg:1: .*take @import out"]),
    "83 a fill's address in an SVG": (svg('<rect fill="url(https://example.org/a)"/>'), [r"images/chair\.svg:1: "]),
    "83 a foreign object in an SVG": (svg("<foreignObject/>"), [r"images/chair\.svg:1: .*take foreignObject out"]),
    "83 half an SVG": (picture("chair.svg", b"<svg><g></svg>"), [r"images/chair\.svg:1: The drawing is no whole SVG"]),
    "85 picture's link without a slash": (picture("chair.png", PNG, "{static}images/chair.png"), [rf"{NOTE}:4: .*Write \{{static\}}/images/chair\.png"]),
    "85 picture's link by a detour": (picture("chair.png", PNG, "{static}/images/../images/chair.png"), [rf"{NOTE}:4: .*Write \{{static\}}/images/chair\.png"]),
    "85 picture's link in other capitals": (picture("chair.png", PNG, "{static}/images/Chair.png"), [rf"{NOTE}:4: .*is not there\. Did you mean images/chair\.png\?"]),
    "86 picture with an ampersand": (picture("a&b.png", PNG), [r"images/a&b\.png:1: .*as a-b\.png"]),
    "86 picture with a percent sign": (picture("100%.png", PNG, "{static}/images/100%25.png"), [r"images/100%\.png:1: .*as 100-?\.png"]),
    "a picture of more than 1 MB": (picture("chair.png", PNG[:-12] + bytes(1_000_000) + PNG[-12:]), [r"images/chair\.png:1: The picture has 1\.0 MB; 1 MB at the most"]),
    **{f"a {kind} that is too wide": (picture(f"chair.{kind.lower()}", wide(kind)), [rf"images/chair\.{kind.lower()}:1: The picture is 4001 pixels wide; 4000 at the most"]) for kind in ("PNG", "GIF", "JPEG", "WebP", "AVIF")},
    # Marks of other programs
    "171 dialects": (
        post("[TOC]", "", "Words :smile: with a class.", "{: .lead }", "", "::: warning", "Mind this.", ":::", "", "!!! note", "    An admonition.", "", "\\newpage", "", "{% include note.html %} and {{< youtube abc >}}.", "", "*[FDA]: Food and Drug Administration"),
        [rf"{NOTE}:4: \[TOC\]", rf"{NOTE}:6: :smile:", rf"{NOTE}:7: \{{: \.lead \}}", rf"{NOTE}:9: ::: warning", rf"{NOTE}:11: :::", rf"{NOTE}:13: !!! note", rf"{NOTE}:16: \\newpage", rf"{NOTE}:18: \{{% include", rf"{NOTE}:18: \{{\{{< youtube", rf"{NOTE}:20: \*\[FDA\]"],
    ),
    "172 Google Docs": (
        post("**Bold** text\\! A list\\:", "", "* One \\- two", "* 50% \\+ more \\= 100%", "", "Version 1\\.0 \\& more \\~ less", "", "![][image1]", "", "[image1]: <data:image/png;base64,iVBORw0KGgo=>"),
        [rf"{NOTE}:4: The backslash in \\:", rf"{NOTE}:7: The backslash in \\=", rf"{NOTE}:9: The backslash in \\&", rf"{NOTE}:9: The backslash in \\~", rf"{NOTE}:11: data:image.*no words", rf"{NOTE}:11: data:image.*not a picture of this site's"],
    ),
    "173 a chat program's marks": (
        post("One【4†source】.", "Two :contentReference[oaicite:0]{index=0}.", "Three [cite: 1, 2].", "Four citeturn0search0.", "Five [web:1].", "Six [7].", "Seven \ue200cite\ue202turn0search1\ue201."),
        [rf"{NOTE}:{line}: .*leads nowhere.*Cite a source by its key" for line in range(4, 11)],
    ),
    "173 an address that tells": (post("[x](https://example.org/a?utm_source=chatgpt.com&b=1)"), [rf"{NOTE}:4: .*tells where its reader came from\. Write https://example\.org/a\?b=1"]),
    "37 pandoc": (
        post("It\\'s \\\"good\\\" for \\~50 people at $5 \\@ home, 5 \\< 6, x\\^2, a \\| b.\\", "A new line."),
        [rf"{NOTE}:4: The backslash in \\{sign}" for sign in ("'", '"', "~", "@", "<", r"\^")] + [rf"{NOTE}:4: A backslash at a line's end"],
    ),
    "37 LaTeX": (post("It is \\textbf{bold}, and $x^2$ or $\\alpha$."), [rf"{NOTE}:4: \\textbf\{{bold\}} is LaTeX", rf"{NOTE}:4: \$x\^2\$ is LaTeX", rf"{NOTE}:4: \$\\alpha\$ is LaTeX"]),
    "38 Obsidian": (post("[[a page|words]] and ![[chair.png]]", "", "%%private%%", "", "> [!tip]- Mind", "", "Words ^abc123", "", "About #mood here."), [rf"{NOTE}:4: \[\[a page", rf"{NOTE}:4: !\[\[chair", rf"{NOTE}:6: %%.*would be published", rf"{NOTE}:8: \[!tip\]-", rf"{NOTE}:10: \^abc123", rf"{NOTE}:12: #mood"]),
    "38 pandoc's citations": (post("As said [@lee2019, p. 3], and by @stone2020."), [rf"{NOTE}:4: \[@lee2019", rf"{NOTE}:4: @stone2020"]),
    "38 CriticMarkup": (post("Some {++new++} and {--old--} words{>>why<<}."), [rf"{NOTE}:4: \{{\+\+new", rf"{NOTE}:4: \{{--old", rf"{NOTE}:4: \{{>>why"]),
    "39 GitHub's Markdown": (
        post("~~Not this~~ but ==this==.", "", "- [ ] Ask a doctor", "- [x] Ask a friend", "", "> [!NOTE]", "> Mind this.", "", "Term", ": What it means.", "", "## A heading {#place}", "", "A word{.mark} and H~2~O and 10^th^ and [words]{.underline}."),
        [rf"{NOTE}:4: ~~", rf"{NOTE}:4: ==", rf"{NOTE}:6: \[ \]", rf"{NOTE}:7: \[x\]", rf"{NOTE}:9: \[!NOTE\]", rf"{NOTE}:13: A colon makes no definition", rf"{NOTE}:15: \{{#place\}}", rf"{NOTE}:17: \{{\.mark\}}", rf"{NOTE}:17: ~2~", rf"{NOTE}:17: \^th\^", rf"{NOTE}:17: \{{\.underline\}}"],
    ),
    "39 entities": (post("One&nbsp;&eacute;&lt;5"), [rf"{NOTE}:4: &nbsp; is HTML\. Write a space", rf"{NOTE}:4: &eacute; is HTML\. Write é", rf"{NOTE}:4: &lt; is HTML\. Write <"]),
    "39 emphasis that is not closed": (post("This is ** not bold **, and *not closed."), [rf"{NOTE}:4: \*\* would be printed", rf"{NOTE}:4: \* would be printed"]),
    "39 a bare address": (post("See https://example.org/a."), [rf"{NOTE}:4: https://example\.org/a is no link as it stands"]),
    "39 a table without its second row": (post("| a | b |", "| 1 | 2 |"), [rf"{NOTE}:4: A table is not whole"]),
    "39 words right under a table": (post("| a | b |", "|---|---|", "| 1 | 2 |", "These words follow it."), [rf"{NOTE}:7: This became a row of the table above\. Put an empty line before it"]),
    "39 a formula over two lines": (post("It is $$x +", "y$$."), [rf"{NOTE}:4: \$\$x \+ y\$\$ is LaTeX"]),
    "40 a fence that is not closed": (post("Words.", "", "```", "x = 1"), [rf"{NOTE}:6: ``` begins no code here"]),
    "40 a fence in a list": (post("- One", "", "    ```", "    x = 1", "    ```"), [rf"{NOTE}:6: ``` begins no code here"]),
    "41 a reference link": (post("First [words][there].", "", "See [this][a].", "", "[a]: http://example.org/"), [rf"{NOTE}:4: A link is not whole", rf"{NOTE}:6: .*Write https://example\.org/"]),
    "41 an autolink": (post("First.", "", "See <http://example.org/>."), [rf"{NOTE}:6: .*Write https://example\.org/"]),
    # Lists and lines
    "31 nested list with two spaces": (post("- Before", "  - your heart", "- After", "  - driving"), [rf"{NOTE}:5: .*indent it by four", rf"{NOTE}:7: .*indent it by four"]),
    "31 nested list with three spaces": (post("1. Before", "   - your heart"), [rf"{NOTE}:5: .*indent it by four"]),
    "31 a paragraph in a list": (post("- Before", "", "  More of it.", "", "- After"), [rf"{NOTE}:6: .*indent it by four"]),
    "31 a list without a gap": (post("Ask about:", "- your heart"), [rf"{NOTE}:5: A list needs an empty line before it"]),
    "31 a numbered list without a gap": (post("Ask about:", "1. your heart", "2. your blood"), [rf"{NOTE}:5: A list needs an empty line before it"]),
    "34 lists from Word": (
        post("1) your heart", "2) your blood", "", "a. this", "b. that", "", "– one dash", "", "-\xa0a hyphen", "", "\uf0b7\ta Word bullet", "", "o one", "", "● big one", "", "i) first", "ii) second", "", "§ a sign", "", "1.heart"),
        [rf"{NOTE}:{line}: .*makes no list\. (?:Begin the line with a hyphen and|Put) a space" for line in (4, 5, 7, 8, 10, 12, 14, 16, 18, 20, 21, 23, 25)],
    ),
    "42 a rule under a sentence": (post("This sentence is followed by hyphens.", "---", "", "Words."), [rf"{NOTE}:5: --- under a line makes a heading of it\. Put an empty line before ---"]),
    "42 equals signs under a sentence": (post("A line.", "===", "", "Words."), [rf"{NOTE}:5: === under a line"]),
    "43 a line that begins with a hash": (post("The survey ranked worry as the", "#1 cause of lost sleep."), [rf'{NOTE}:5: "#1 cause .*Write \\#']),
    "44 a paragraph that begins with a year": (post("It took place in", "", "2019. After that came larger ones."), [rf"{NOTE}:6: 2019\. begins a list here\. Write 2019\\\."]),
    "45 a first line indented": (post("    This paragraph was pasted with an indent.", "", "Words."), [rf"{NOTE}:4: Four spaces .*take them away"]),
    "45 a first line indented, others not": (post("    This paragraph was pasted with an", "indent of its first line."), [rf"{NOTE}:4: Four spaces .*take them away"]),
    "45 the author's words indented": (added(PART, "A walk often begins", "    A walk often begins"), [rf"{PART}:7: Four spaces .*take them away"]),
    # Addresses
    "30 a percent sign of its own": (post("[x](https://example.org/100%)"), [rf"{NOTE}:4: .*Write %25"]),
    "30 a space in an address": (post("[x](<https://example.org/a b>)"), [rf"{NOTE}:4: .*Write %20 for a space"]),
    "49 a host that is none": (post("[x](https://example/)"), [rf"{NOTE}:4: .*malformed"]),
    "30 a backslash in an address": (post("[x](https://example.org\\\\a)"), [rf"{NOTE}:4: .*Write / for \\"]),
    "49 a host that no name server knows": (post("[x](https://m\u00fcller..org/)"), [rf"{NOTE}:4: .*malformed"]),
    "49 an address without https:": (post("[x](//example.org/a)"), [rf"{NOTE}:4: .*Write https://example\.org/a"]),
    "a link with a question": (post("[x]({filename}/pages/about.md?a=b)"), [rf"{NOTE}:4: pages/about\.md\?a=b is not there\. Did you mean pages/about\.md\?"]),
    "a link by a detour": (post("[x]({filename}/posts/../pages/about.md)"), [rf"{NOTE}:4: posts/\.\./pages/about\.md is not there\. Did you mean pages/about\.md\?"]),
    "53 an address without a host": (post("[x](mailto:help@here)"), [rf"{NOTE}:4: .*mailto:name@example\.org"]),
    # The notes' words
    "90 dose with a hyphen": (noted(f"Some people got a 56-mg spray {CITED}."), [rf'{PART}:\d+: "56-mg" is a dose']),
    "90 dose in words": (noted(f"Some people got half a milligram {CITED}."), [rf'{PART}:\d+: "half a milligram" is a dose']),
    "90 dose in millilitres": (noted(f"Some people got 100 ml {CITED}."), [rf'{PART}:\d+: "100 ml" is a dose']),
    "90 dose in grams": (noted(f"Some people got 1 g {CITED}."), [rf'{PART}:\d+: "1 g" is a dose']),
    "90 dose with a micro sign": (noted(f"Some people got 50 \u00b5g {CITED}."), [rf'{PART}:\d+: "50 \u00b5g" is a dose']),
    "90 dose with a Greek letter": (noted(f"Some people got 50 \u03bcg {CITED}."), [rf'{PART}:\d+: "50 \u03bcg" is a dose']),
    "90 dose in a summary": (post("Words.", header="Summary: What 5 mg do.\n"), [rf'{NOTE}:3: "5 mg" is a dose']),
    "90 a dose over two lines": (post("They took half", "a milligram."), [rf'{NOTE}:4: "half a milligram" is a dose']),
    "90 a review over two lines": (post("This was reviewed by", "a clinician."), [rf"{NOTE}:4: .*no clinician has reviewed"]),
    "144 suicide over two lines": (post("They want to", "die."), [rf'{NOTE}:1: This speaks of suicide \("want to die", line 4\)']),
    "a helpline's number over two lines": (post("If it is bad, call", "555."), [rf"{NOTE}:5: Telephone numbers"]),
    "a heading after the author's words": (added("content/pages/conclusion.md", "keep walking.", "keep walking.\n\n## More\n\nWords."), [r"conclusion\.md:\d+: The author's words: \"## More.* is not the author's", r"conclusion\.md:\d+: The author wrote one paragraph here", r"conclusion\.md:\d+: The author wrote one paragraph here"]),
    "90 a breakthrough": (noted(f"This was a breakthrough for them {CITED}."), [rf'{PART}:\d+: "breakthrough" promises']),
    "90 a review by a person": (noted(f"This page was reviewed by Dr Lee {CITED}."), [rf"{PART}:\d+: .*no clinician has reviewed"]),
    "90 a review by nobody named": (noted(f"This page was reviewed by a clinician {CITED}."), [rf"{PART}:\d+: .*no clinician has reviewed"]),
    # Settings
    "204 a setting with an annotation": ({"pelicanconf.py": "DEFAULT_PAGINATON: int = 5\n"}, [r"pelicanconf\.py:\d+: DEFAULT_PAGINATON .*Did you mean DEFAULT_PAGINATION\?"]),
    "204 a contact that is none": ({"pelicanconf.py": 'CONTACT = "ask us"\n'}, [r"pelicanconf\.py:\d+: CONTACT is .ask us., which is no address\. Write name@example\.org or https"]),
}  # fmt: skip

# What does no harm: no problem, and the build takes it.
ACCEPTED: dict[str, Files] = {
    "what only looks like a slip": post(
        "All that that path had had, TNF\u03b1 and \u03bcg, is “it”. [The path]({static}/images/path.png) is long.",
        "",
        "## One",
        "",
        "### Two",
        "",
        "```",
        "x",
        "```",
    ),
    "an author in two spellings": {
        **post("Words.", header="Author: jane doe\n"),
        "content/posts/b-note.md": "Title: B\nDate: 2021-03-01\nAuthor: Jane Doe\n\nWords.\n",
    },
    "an address like a year": {
        "content/posts/2020.md": "Title: Twenty twenty\nDate: 2021-03-01\n\nX.\n"
    },
    "numbers that nobody calls": post(
        "555 people walked, and 550 texts came. They called 555 people."
    ),
    "names that begin with digits": {
        "content/posts/3d-printing.md": HEAD + "\nX.\n",
        "content/posts/100-days.md": "Title: Days\nDate: 2021-03-01\n\nX.\n",
    },
    "a backup beside its file": {f"{PART}~": "x", PART.replace("3-", ".3-"): "x"},
    "a rule of seven hyphens, a text beside the readme": {
        **post("Monday.", "", "-------", "", "Tuesday."),
        "NOTES.md": "# Notes\n\nTitle: x\n",
    },
    "01 doi with an escaped underscore": entry(lee().replace("10.1000/abc", r"10.1007/978\_12")),
    "06 Zotero's biblatex": entry(ZOTERO),
    "06 a field of nobody's": entry(lee(more="\n  wibble = {3},\n  publisher = {4},")),
    "08 HTML in a title": entry(
        lee(title=r"A small <i>in vitro</i> trial of A &amp; B in CO$_2$ \textit{air}")
    ),
    "10 initials without spaces": entry(lee("Lee, AB and Stone, CD")),
    "12 authors as PubMed writes them": entry(lee("Lee A and Stone CD and others")),
    "13 a doi as an address": entry(lee().replace("10.1000/abc", "https://doi.org/10.1000/abc")),
    "15 a month, a preamble and a comment": entry(
        lee(more="\n  month = mar,"), more="\n@comment{jabref-meta: databaseType:bibtex;}\n"
    ),
    "30 percent signs in addresses": post(
        "[a](https://example.org/a%20report.pdf), [b](https://example.org/?q=a%7Cb%22c%22) and",
        "[c](https://example.org/%28SICI%291%3C16::AID%3E3.0.CO;2-2).",
    ),
    "32 nested list with four spaces": post(
        "- Before", "    - your heart", "    - your blood", "- After", "    1. driving"
    ),
    "40 fenced code": post("```python", "# x", "print('<b>', \"{x}\", '~~')", "```"),
    "44 a year with a backslash": post("It took place in", "", "2019\\. After that came more."),
    "48 a picture that is a link": {
        **post("[![A path between fields]({static}/images/path.png)](https://example.org/)")
    },
    "48 autolinks": post("<https://example.org/a> and <name@example.org>, as words."),
    "49 hosts of all kinds": post(
        "[a](https://www.müller-praxis.de/), [b](https://example.org:8443/a) and",
        "[c](https://my_site.example.org/).",
    ),
    "53 mailto with a subject": post("[a](mailto:help@example.org?subject=A%20mistake)"),
    "54 a link to the part on suicide": post(
        "See [Company in Dark Hours]({filename}/posts/4-company-in-dark-hours.md), or",
        "[Thoughts of suicide]({filename}/posts/4-company-in-dark-hours.md).",
    ),
    "59 an author with a degree": post("Words.", header="Author: Jane McDonald, MD\n"),
    "83 a drawing by Inkscape": picture(
        "chair.svg",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" '
        b'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><defs><path id="a" d="M0 0h9"/>'
        b'</defs><use xlink:href="#a" fill="url(#b)"/></svg>',
    ),
    "102 a wide table, a long word, code": post(
        "| Name | How it is taken | How long | What was measured | Notes |",
        "|------|-----------------|----------|-------------------|-------|",
        "| One  | by mouth        | 4 weeks  | A Rating Scale    | none  |",
        "",
        "    a line of code that is much longer than a telephone is wide, and goes on",
    ),
    "143 a picture first": post(
        "![A path between fields]({static}/images/path.png)", "", "Here the words begin."
    ),
    "145 a footnote first": post("Most slept better.[^1] Some did not.", "", "[^1]: A note."),
    "56 a joined emoji in the words": post("A doctor \U0001f469\u200d\u2695\ufe0f speaks."),
    "57 apostrophes": titled("Rock 'n' roll in the '90s, 'tis 'em and dogs' days"),
    "90 a regulator's term": noted(f"The board calls it a Breakthrough Therapy {CITED}."),
    "90 not proven": noted(f"It is not proven, and it is no cure {CITED}."),
    "90 a review by a regulator": noted(f"The drug was reviewed by the FDA {CITED}."),
    "90 a page of a source": noted("Worry fell ([Tanaka 2016](#tanaka2016), p. 5)."),
    "90 an amount of no medicine": post(
        "They drank half a litre of water and 5 ml of juice; 10 ml blood was drawn."
    ),
    "a promise and a dose in an address": post("See [a page](https://example.org/cure/5mg)."),
    "90 Dr": noted(f"Dr. Smith and others ran a trial {CITED}."),
    "90 e.g.": noted(f"Some drugs (e.g. Prozac) did not help them {CITED}."),
    "90 et al.": noted(f"Tanaka et al. 2016 saw the same {CITED}."),
    "90 U.S.": noted(f"In the U.S. Medicare may pay for it {CITED}."),
    "204 settings by annotation": {"pelicanconf.py": 'CONTACT: str = "https://example.org/@us"\n'},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, into which each case is put and taken out again."""
    return copy_project(tmp_path_factory.mktemp("cases"))


@pytest.fixture
def put(base: Path) -> Iterator[Callable[[Files], None]]:
    """Write a case's files into the project; afterwards it is as before."""
    before: dict[Path, bytes | None] = {}
    folders: list[Path] = []

    def write(files: Files) -> None:
        for name, data in files.items():
            path = base / name
            before.setdefault(path, path.read_bytes() if path.exists() else None)
            if data is None:
                path.unlink()
                continue
            for folder in path.parents:
                if not folder.exists():
                    folders.append(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            data = data if isinstance(data, bytes) else data.encode()
            settings = name == "pelicanconf.py"
            path.write_bytes((before[path] or b"") + data if settings else data)

    yield write
    for path, data in before.items():
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
    for folder in folders:
        folder.rmdir()


def reported(root: Path) -> list[str]:
    return list(map(str, site.inspect(root, read_settings(root))[1]))


@pytest.mark.parametrize("case", REPORTED)
def test_a_trouble_is_told_with_its_line_and_remedy(
    case: str,
    base: Path,
    put: Callable[[Files], None],
    record_property: Callable[[str, object], None],
) -> None:
    files, expected = REPORTED[case]
    put(files)
    problems = reported(base)
    missing = [line for line in expected if not any(re.search(line, p) for p in problems)]
    named = [p for p in problems if any(re.search(line, p) for line in expected)]
    record_property("fault", (case, named[0] if named and not missing else "", bool(problems)))
    assert not missing, problems
    surplus = [p for p in problems if p not in named]
    assert not surplus, "one trouble, and another message"


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_is_right_is_accepted(
    case: str,
    base: Path,
    put: Callable[[Files], None],
    record_property: Callable[[str, object], None],
) -> None:
    put(ACCEPTED[case])
    problems = reported(base)
    record_property("fault", (case, "" if problems else "accepted, as it should be", 1))
    assert problems == []


ROWS = [row for table in ("marks", "words", "crisis") for row in PATTERNS[table]]


@pytest.fixture(scope="module")
def rules(base: Path) -> Rules:
    return Rules(base, read_settings(base), None, None)


def messages(rules: Rules, row: dict[str, str], text: str) -> list[str]:
    """Return what a post of this text is told, and that a row of patterns.toml has to tell."""
    message = re.escape(row["message"].format("?", "?")).replace(r"\?", ".*")
    problems = rules.examine(rules.root / NOTE, f"{HEAD}\n{text}\n".encode()).problems
    if row["message"] == "{0}":
        message = "This speaks of suicide"
    return [p.message for p in problems if re.match(message, p.message)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["message"][:30])
def test_each_example_of_a_pattern_is_told_and_nothing_that_is_right(
    row: dict[str, list[str]], rules: Rules
) -> None:
    assert row["examples"]
    assert [text for text in row["examples"] if not messages(rules, row, text)] == []
    assert [text for text in row.get("right", []) if messages(rules, row, text)] == []


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Everything that is accepted, in one build: a post each, and what it needs."""
    project = copy_project(tmp_path_factory.mktemp("accepted") / "project")
    for number, (case, files) in enumerate(ACCEPTED.items()):
        for name, data in files.items():
            assert data is not None
            text = data.decode() if isinstance(data, bytes) and name.endswith(".md") else data
            if name == NOTE and isinstance(text, str):
                name = f"content/posts/case-{number}.md"
                text = text.replace("Title: A note", f"Title: {case}").replace("#lee2019", "#lee")
                text = re.sub(r"\(\[Lee 2019\]\(#lee\)\)", "", text)
            elif name.endswith((".bib", ".py")) or name == PART:
                continue
            (project / name).write_bytes(text.encode() if isinstance(text, str) else text)
    bib = entry(lee("Dvořák, Émile and São Bento, Øyvind", r"A <i>small</i> trial in the 1990's."))
    (project / BIB).write_text(bib[BIB].replace("10.1000/abc", r"https://doi.org/10.1000/a\_b"))
    note = bib[NOTE].replace("Lee 2019", "Dvořák 2019")
    (project / "content/posts/cited.md").write_text(note.replace("A note", "Cited"))
    built = build(project, project.parent / "out")
    assert built.code == 0, built.printed
    return built


def page_of(built: Built, case: str) -> str:
    return built.text(f"case-{list(ACCEPTED).index(case)}/index.html")


def test_what_is_accepted_is_built_as_it_was_meant(accepted: Built) -> None:
    nested = page_of(accepted, "32 nested list with four spaces")
    assert re.search(r"<li>Before\s*<ul>\s*<li>your heart</li>", nested)
    code = page_of(accepted, "40 fenced code")
    assert "print('&lt;b&gt;', \"{x}\", '~~')" in code.replace("&quot;", '"').replace("&#39;", "'")
    year = page_of(accepted, "44 a year with a backslash")
    assert "<p>2019. After that came more.</p>" in year
    assert "mailto:help@example.org?subject=A%20mistake" in page_of(
        accepted, "53 mailto with a subject"
    )
    assert "Jane McDonald, MD" in page_of(accepted, "59 an author with a degree")
    assert "https://example.org/a%20report.pdf" in page_of(
        accepted, "30 percent signs in addresses"
    )


def test_a_post_is_described_by_its_first_words(accepted: Built) -> None:
    described = re.compile(r'<meta name="description" content="([^"]*)"')
    for case, words in {
        "143 a picture first": "Here the words begin.",
        "145 a footnote first": "Most slept better. Some did not.",
        "32 nested list with four spaces": "Before",
        "48 a picture that is a link": "A path between fields",
    }.items():
        assert described.search(page_of(accepted, case))[1] == words


def test_a_source_is_printed_in_plain_words(accepted: Built) -> None:
    page = accepted.text("cited/index.html")
    for words in (
        "Dvořák É, São Bento Ø.",
        "A small trial in the 1990’s",
        "https://doi.org/10.1000/a_b",
    ):
        assert words in page.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("html", "right"),
    {
        "Rock &#8216;n&#8217; roll in the &#8216;90s, &#8216;tis &#8216;em": "Rock ’n’ roll in the ’90s, ’tis ’em",
        "<em>FDA</em>&#8216;s": "<em>FDA</em>’s",
        "‘Quoted’ words, ‘cause’ too": "‘Quoted’ words, ‘cause’ too",
        "“‘60s music”": "“’60s music”",
    }.items(),
)
def test_an_apostrophe_is_no_quotation_mark(html: str, right: str) -> None:
    assert apostrophes(html) == right


@pytest.mark.parametrize(
    ("text", "count"),
    {
        "St. John's wort vs. Prozac, i.e. Two. It was so.": 2,
        "See No. 5 and Fig. 3 on p. 12. No. It was not.": 3,
        "J. K. Smith wrote approx. 50 pages. So did I. Then he left.": 3,
        "So it is in the U.S. The trial had people.": 2,
        "It lasted until 5 p.m. They left at 6 p.m. Eastern time.": 2,
        "Prof. Lee came in Jan. 2019. Dr. Stone did not.": 2,
        "As [Lee et al. The first](#lee2019) said. It was so.": 2,
    }.items(),
)  # fmt: skip
def test_a_shortened_word_ends_no_sentence(text: str, count: int) -> None:
    assert len(list(sentences([(1, text)]))) == count


@pytest.mark.trouble("70 new title with a number")
@pytest.mark.parametrize(
    ("title", "name"),
    {
        "10 questions about walks": "ten-questions-about-walks",
        "5 questions": "five-questions",
        "42 ways": "forty-two-ways",
        "100 days": "100-days",
        "2020 in review": "2020-in-review",
    }.items(),
)
def test_a_new_post_is_no_part(project: Path, title: str, name: str) -> None:
    run = invoke(project, "new", title)
    assert run.returncode == 0, run.stderr
    assert f"/drafts/{name}/" in run.stdout
    assert (project / f"content/posts/{name}.md").is_file()
    assert reported(project) == []


@pytest.mark.parametrize(
    "title",
    ["About", "Archives", "Steadier sleep", "a" * 300, "A <b>bold</b> one", "???", "Con"],
)
def test_a_new_post_that_could_not_be_published_is_refused(
    project: Path, title: str, record_property: Callable[[str, object], None]
) -> None:
    before = sorted((project / "content").rglob("*"))
    run = invoke(project, "new", title)
    record_property("fault", (f"71 invoke new {title[:20]}", run.stderr.strip(), run.returncode))
    assert run.returncode == 1
    assert len(run.stderr.strip().split("\n")) == 1, run.stderr
    assert sorted((project / "content").rglob("*")) == before


def test_a_draft_with_a_problem_in_its_header_is_listed(project: Path) -> None:
    (project / NOTE).write_text("Title: Later\nDate: 24 Nov\nStatus: draft\n\nX.\n")
    assert re.search(rf"24 Nov  {NOTE}  Later .*problem", invoke(project, "drafts").stdout)


def test_the_article_gone_is_told(project: Path) -> None:
    (project / "content/article.txt").unlink()
    assert reported(project) == [
        "content/article.txt:1: The file is missing. Take the last one back from git."
    ]


def test_a_text_that_cannot_be_read_brings_no_other_message(project: Path) -> None:
    (project / PART).write_text("<<<<<<< HEAD\n=======\n>>>>>>> other\n")
    run = invoke(project, "check", CI="")
    assert run.stdout.strip().split("\n") == [reported(project)[0]], run.stdout


@pytest.mark.trouble("201 names and addresses as misspellings")
def test_addresses_names_and_code_are_not_spelled(project: Path) -> None:
    (project / NOTE).write_text(
        f"{HEAD}\nWe met Thier of ALS ([her page](https://doi.org/10.1000/ans.1)), `teh` and more.\n"
    )
    assert invoke(project, "check").returncode == 0
    (project / NOTE).write_text(f"{HEAD}\nI recieve words.\n")
    run = invoke(project, "check")
    assert f"{NOTE}:4: recieve is misspelled: write receive." in run.stdout
    assert "content/words.txt" in run.stdout


def test_a_wide_table_scrolls_by_itself(accepted: Built, browser: object) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    number = list(ACCEPTED).index("102 a wide table, a long word, code")
    page.goto((accepted.folder / f"case-{number}/index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate("(t => t.scrollWidth > t.clientWidth)(document.querySelector('.table'))")
    page.close()


def test_every_picture_type_is_known(project: Path) -> None:
    images = project / "content/images"
    image = Image.new("RGB", (9, 9))
    for suffix in ("avif", "gif", "jpeg", "jpg", "png", "webp"):
        image.save(images / f"a.{suffix}")
    shutil.copy(images / "a.jpg", images / "b.JPG")
    assert reported(project) == []


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_plugin_that_is_not_there_is_one_line(project: Path, command: str) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8", newline="\n") as settings:
        settings.write('PLUGINS = ["plugins.strict", "plugins.citatoins"]\n')
    run = invoke(project, command)
    assert run.returncode == 1
    line, *end = (run.stdout + run.stderr).splitlines()
    assert end == ["The build failed; output/ stays as it was."] * (command == "build")
    assert re.fullmatch(r"pelicanconf\.py:\d+: There is no plugin plugins\.citatoins\. .*", line)
