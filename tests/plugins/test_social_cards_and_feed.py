"""What is shared arrives whole: a picture of each page, the feed, the icon on a telephone."""

import io
import os
import shutil
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import feedparser
import pytest
from conftest import KINDS, ROOT, UNDER_A_PATH, Built, build, text_of
from jinja2 import Environment, FileSystemLoader
from palette import TOKENS
from PIL import Image, ImageChops, ImageColor, ImageDraw

from plugins.social_cards import Press

PAPER = TOKENS["paper"][0]
SHARED = [kind for kind in KINDS if kind != "404.html"]
# Where a post's title may stand: inside the margins, above the rule.
TITLES_PLACE = (65, 110, 1135, 420)
TITLES = {
    "one-word": "Sleep",
    "long": "What people who were treated for depression say of it a year later " * 5,
    "longest": "A title of a thousand words " * 160,
    "no-space": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "marks": 'Less < more & "so" on, fi–fl … ½',
    "letters": "Żółć, Őrség, Ærø, Ştefan, ÇA VA, 5-HT₂A ≥ β",
}


def meta(site: Built, page: str) -> dict[str, str]:
    """Return what a page says of itself in its meta elements."""
    tags = site.page(page).iter("meta")
    return {e.get("property") or e.get("name", ""): e.get("content", "") for e in tags}


def heading(site: Built, page: str) -> str:
    return " ".join(text_of(site.page(page).find(".//h1")).split())


def ink(picture: Path) -> tuple[int, int, int, int] | None:
    """Return the box that holds everything between a picture's edge and its rule."""
    drawn = Image.open(picture).convert("RGB").crop((40, 40, 1160, 424))
    box = ImageChops.difference(drawn, Image.new("RGB", drawn.size, PAPER)).getbbox()
    return box and (box[0] + 40, box[1] + 40, box[2] + 40, box[3] + 40)


def drawn(site: Built) -> list[Path]:
    """Return the pictures that the build drew: those of content/images/ are a writer's."""
    return [path for path in site.folder.rglob("*.png") if path.parent.name != "images"]


@pytest.fixture(scope="module")
def titled(root: Path, published: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site published on another day in another folder, with posts of all kinds of titles."""
    project = tmp_path_factory.mktemp("another folder") / "project"
    shutil.copytree(root, project, ignore=shutil.ignore_patterns(".cache"))
    for name, title in TITLES.items():
        text = f"Title: {title.strip()}\nDate: 2021-02-01\nTags: {name}\nSummary: S.\n\nWords.\n"
        (project / f"content/posts/{name}.md").write_text(text)
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    built = build(
        project,
        tmp_path_factory.mktemp("titled"),
        settings="publishconf.py",
        SITEURL=UNDER_A_PATH,
        TZ="Pacific/Kiritimati",
        PYTHONHASHSEED="7",
    )
    assert built.code == 0, built.printed
    kept = len(list((project / ".cache/pictures").iterdir()))
    assert kept == len(drawn(built))
    return built


@pytest.mark.parametrize("kind", SHARED)
def test_every_page_says_what_a_share_of_it_shows(published: Built, kind: str) -> None:
    properties, address = meta(published, kind), f"{UNDER_A_PATH}/{kind.removesuffix('index.html')}"
    is_list = kind.startswith(("archives/", "tag/"))
    title = heading(published, kind)
    assert properties["og:title"] and title.endswith(properties["og:title"])
    assert 0 < len(properties["og:description"]) <= 160
    assert properties["og:url"] == address
    assert properties["og:type"] in ("website", "article")
    assert properties["og:site_name"] == "Walking in the Morning"
    assert properties["og:locale"] == "en_GB"
    assert properties["og:image"] == f"{UNDER_A_PATH if is_list else address.rstrip('/')}/card.png"
    assert (properties["og:image:width"], properties["og:image:height"]) == ("1200", "630")
    assert properties["twitter:card"] == "summary_large_image"


def test_every_page_has_its_picture_and_its_words_for_who_cannot_see_it(published: Built) -> None:
    pages = [name for name in published.pages() if name != "404.html"]
    assert len(pages) > 15
    for page in pages:
        properties = meta(published, page)
        with Image.open(
            published.folder / properties["og:image"][len(UNDER_A_PATH) + 1 :]
        ) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630)), page
        if not page.startswith(("archives/", "tag/")):
            assert properties["og:title"] in properties["og:image:alt"], page
    alt = "og:image:alt"
    name = "Walking in the Morning"
    assert meta(published, "index.html")[alt].startswith(f"{name}. One guide")
    for slug, words in {
        "calmer-thoughts": "3. Calmer Thoughts. One guide’s view, and what limits it",
        "company-in-dark-hours": "4. Company in Dark Hours. Need to talk to someone? "
        "Find help here",
        "a-word-on-ice-and-traffic": "Caution. A Word on Ice and Traffic. One guide’s view, and "
        "what limits it",
        "get-help-now": "Get help now. Call or text someone now, day or night",
        "about": f"About this site. {name}",
    }.items():
        assert meta(published, f"{slug}/index.html")[alt] == words


def test_pages_have_pictures_of_their_own_and_each_part_its_number(published: Built) -> None:
    pictures = [path.read_bytes() for path in published.folder.rglob("card.png")]
    assert len(set(pictures)) == len(pictures)
    for page, above in {"calmer-thoughts": True, "about": False}.items():
        box = ink(published.folder / page / "card.png")
        assert box
        assert (box[1] < 100) == above, page


def test_a_page_without_an_address_has_no_picture(published: Built) -> None:
    assert "og:image" not in meta(published, "404.html")
    assert not (published.folder / "404/card.png").exists()


def test_a_build_on_ones_own_machine_names_no_picture_and_draws_none(site: Built) -> None:
    for page in site.pages():
        assert "og:image" not in meta(site, page)
        assert site.page(page).find(".//link[@rel='apple-touch-icon']") is None
    assert not drawn(site)


def test_a_kept_picture_that_is_damaged_is_drawn_again(tmp_path: Path) -> None:
    theme = {"theme": ROOT / "theme", "settings": {"CACHE_PATH": tmp_path / "cache"}}
    env = Environment(loader=FileSystemLoader(ROOT / "theme/templates"))
    drawn = []
    for _ in range(2):
        press = Press(SimpleNamespace(**theme, env=env), tmp_path)
        press.draw("icon.svg", {}, tmp_path / "icon.png", 180)
        drawn.append((tmp_path / "icon.png").read_bytes())
        [kept] = (tmp_path / "cache/pictures").iterdir()
        kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", TITLES)
def test_a_title_is_never_cut_and_no_letter_of_it_lost(
    titled: Built, tmp_path: Path, name: str
) -> None:
    theme = {"theme": ROOT / "theme", "env": Environment(), "settings": {"CACHE_PATH": tmp_path}}
    press = Press(SimpleNamespace(**theme), tmp_path)
    title = meta(titled, f"{name}/index.html")["og:title"]
    # The title of a page of the site's own: the author's are in the serif.
    size, lines = press.fit(title, "source-sans-3-600", 90, 1060, 215)
    assert " ".join(words for _, words in lines) == title
    letters = press.advances("source-sans-3-600")
    wide = max(sum(letters[letter] for letter in words) for _, words in lines)
    box = ink(titled.folder / name / "card.png")
    assert box
    left, top, right, bottom = TITLES_PLACE
    assert left <= box[0] < box[2] <= right, box
    assert top <= box[1] < box[3] <= bottom, box
    assert box[2] - box[0] == pytest.approx(wide * size, rel=0.05), "a letter left no ink"


def test_a_letter_that_no_font_has_stops_the_release_in_a_sentence(
    project: Path, tmp_path: Path
) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('PART_CARD = "☎ about it"\n')
    built = build(project, tmp_path / "out", settings="publishconf.py", SITEURL=UNDER_A_PATH)
    assert built.code == 1
    message = "its picture cannot show “☎”, which no font of the theme has."
    assert message in built.printed and built.printed.count("\n") == 1


def test_two_releases_on_two_days_in_two_folders_have_the_same_pictures(
    published: Built, titled: Built
) -> None:
    files = sorted(path.relative_to(published.folder) for path in drawn(published))
    assert len(files) > 10
    for file in files:
        assert (published.folder / file).read_bytes() == (titled.folder / file).read_bytes(), file


def test_the_feed_is_atom_as_rfc_4287_wants_it(published: Built) -> None:
    text = published.text("feed.xml")
    feed = feedparser.parse(text)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {"self": f"{UNDER_A_PATH}/feed.xml", "alternate": f"{UNDER_A_PATH}/"}
    assert feed.feed.title and feed.feed.updated_parsed and ":" in feed.feed.id
    entries = feed.entries
    assert len(entries) >= 8
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.id.startswith(("tag:", "https://")), entry.id
        assert entry.link.startswith(f"{UNDER_A_PATH}/") and entry.link.endswith("/")
        slug = entry.link.removeprefix(f"{UNDER_A_PATH}/")
        title = unescape(entry.title).split(": ")[-1]
        assert title in heading(published, f"{slug}index.html")
        assert entry.updated_parsed >= entry.published_parsed
        assert entry.author in ("A walking guide", "This site", "Örjan Visitor")
        assert entry.content[0].type == "text/html" and entry.content[0].value
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(text)
    for element in [root, *root.iter(f"{atom}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(atom + name)) == 1, (element.tag, name)
    for entry in root.iter(f"{atom}entry"):
        assert len(entry.findall(f"{atom}author/{atom}name")) == 1


@pytest.mark.parametrize(("fixture", "home"), [("site", ""), ("published", UNDER_A_PATH)])
def test_every_page_leads_to_the_feed(
    request: pytest.FixtureRequest, fixture: str, home: str
) -> None:
    built: Built = request.getfixturevalue(fixture)
    for page in built.pages():
        link = built.page(page).find(".//link[@rel='alternate']")
        assert link is not None, page
        assert link.get("type") == "application/atom+xml"
        assert link.get("href") == f"{home}/feed.xml"
    assert feedparser.parse(built.text("feed.xml")).version == "atom10"


def test_the_icon_is_whole_on_every_telephone(published: Built) -> None:
    for page in published.pages():
        link = published.page(page).find(".//link[@rel='apple-touch-icon']").get("href")
        assert link == f"{UNDER_A_PATH}/theme/icon-180.png", page
    data = (published.folder / "theme/icon-180.png").read_bytes()
    image = Image.open(io.BytesIO(data)).convert("RGBA")
    assert image.size == (180, 180)
    assert image.getchannel("A").getextrema() == (255, 255), "iOS makes what is clear black"
    mark = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, PAPER))
    colours = {colour: count for count, colour in image.convert("RGB").getcolors(180 * 180)}
    assert colours.get(ImageColor.getrgb(TOKENS["accent"][0]), 0) > 180 * 180 / 20
    # A telephone may cut a circle out of it: four fifths of the width are left in the worst case.
    ImageDraw.Draw(mark).circle((90, 90), 180 * 0.4, fill="black")
    assert not mark.getbbox()
