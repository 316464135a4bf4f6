"""There are no pages for authors, categories, years or topics of a single post."""

import re
from pathlib import Path

import pytest
from conftest import UNDER_A_PATH, Built, build, copy_project, text_of
from PIL import Image, ImageChops

NOTE = "Title: {0}\nDate: 2021-03-0{1}\nTags: shared topic, topic of {0}\nSummary: S.\n\nWords.\n"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project published with two posts that share one of their topics."""
    project = copy_project(tmp_path_factory.mktemp("rooms") / "project")
    for day, name in enumerate(("older", "newer"), 1):
        (project / f"content/posts/{name}.md").write_text(NOTE.format(name, day), encoding="utf-8")
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write("DEFAULT_PAGINATION = 50\n")
    built = build(
        project,
        tmp_path_factory.mktemp("out"),
        settings="publishconf.py",
        SITEURL=UNDER_A_PATH,
    )
    assert built.code == 0, built.printed
    return built


def meta(page: str, name: str) -> str:
    """Return what a page says of itself."""
    match = re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)"', page)
    return match[1] if match else ""


def test_there_are_no_rooms_of_a_blog(rooms: Built) -> None:
    for name in ("authors", "author", "categories", "category", "tags", "2021", "site.webmanifest"):
        assert not (rooms.folder / name).exists(), name
    icons = {path.name for path in (rooms.folder / "theme").glob("icon-*")}
    assert icons == {"icon-180.png"}
    for name in rooms.pages():
        assert "webmanifest" not in rooms.text(name)
        assert "icon-180.png" in rooms.text(name)


def test_a_topic_has_a_page_while_two_posts_share_it(rooms: Built) -> None:
    assert (rooms.folder / "tag/shared-topic/index.html").exists()
    assert not (rooms.folder / "tag/topic-of-older").exists()
    links = [a.get("href") for a in rooms.page("older/index.html").iter("a")]
    assert f"{UNDER_A_PATH}/tag/shared-topic/" in links
    assert "topic of older" not in text_of(rooms.page("older/index.html").find(".//main"))
    assert f"{UNDER_A_PATH}/archives/#topics" in links
    archives = rooms.page("archives/index.html")
    assert archives.find(".//h2[@id='topics']") is not None
    listed = {text_of(item.find("a")): text_of(item.find("span")) for item in archives.iter("li")
              if "/tag/" in item.find(".//a").get("href")}  # fmt: skip
    assert listed["shared topic"] == "2 posts"
    assert listed["waking"] == "2 parts"
    assert "<title>Posts about shared topic" in rooms.text("tag/shared-topic/index.html")
    assert "<title>Parts about waking" in rooms.text("tag/waking/index.html")
    assert "other post" in meta(rooms.text("archives/index.html"), "description")


def test_without_a_shared_topic_there_is_no_word_of_topics(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    for post in (project / "content/posts").glob("*.md"):
        text = re.sub(r"(?m)^Tags: .*\n", "", post.read_text(encoding="utf-8"))
        post.write_text(text, encoding="utf-8", newline="\n")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    assert not (built.folder / "tag").exists()
    for name in built.pages():
        assert "topics" not in built.text(name), name


def test_a_site_of_parts_with_one_topic_speaks_of_no_posts_and_leads_to_no_list_of_one(
    tmp_path: Path,
) -> None:
    project = copy_project(tmp_path / "project")
    for post in (project / "content/posts").glob("[a-z]*.md"):
        post.unlink()
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    assert [path.name for path in (built.folder / "tag").iterdir()] == ["waking"]
    assert "post" not in meta(built.text("archives/index.html"), "description")
    for name in built.pages():
        assert "archives/#topics" not in built.text(name), name


def test_all_parts_stand_in_their_order_and_the_other_posts_after_them(rooms: Built) -> None:
    page = rooms.page("archives/index.html")
    posts = next(e for e in page.iter("ol") if e.get("class") == "posts")
    links = [item.find("./h2/a").get("href").removeprefix(f"{UNDER_A_PATH}/") for item in posts]
    numerals = [text_of(item.find("./h2")).split()[0] for item in posts]
    numbered = [n for n in numerals if n.isdigit()]
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)]
    assert numerals[: len(numbered)] == numbered
    assert links.index("newer/") < links.index("older/")
    assert links.index("newer/") >= len(numbered)


def test_the_footer_has_three_short_groups(rooms: Built) -> None:
    for name in rooms.pages():
        nav = rooms.page(name).find("./body/footer/nav")
        groups = [
            (text_of(group.find("h2")), [a.get("href") for a in group.iter("a")])
            for group in nav.iter("div")
        ]
        assert [title for title, _ in groups] == ["Read", "Check", "This site"]
        assert all(1 <= len(links) <= 5 for _, links in groups)
        links = [link for _, links in groups for link in links]
        assert len(set(links)) == len(links)


def test_lists_are_shared_with_the_picture_of_home(rooms: Built) -> None:
    home = f"{UNDER_A_PATH}/card.png"
    for name in ("index.html", "archives/index.html", "tag/shared-topic/index.html"):
        assert meta(rooms.text(name), "og:image") == home
        alt = meta(rooms.text("index.html"), "og:image:alt")
        assert meta(rooms.text(name), "og:image:alt") == alt
    drawn = {
        path.parent.relative_to(rooms.folder).as_posix() for path in rooms.folder.rglob("card.png")
    }
    assert "archives" not in drawn and "tag/shared-topic" not in drawn
    for name in rooms.pages():
        image = meta(rooms.text(name), "og:image")
        if image:
            assert (rooms.folder / image.removeprefix(f"{UNDER_A_PATH}/")).exists(), name


def test_a_card_says_what_a_page_is_for(rooms: Built) -> None:
    posts = [name for name in rooms.pages() if 'content="article"' in rooms.text(name)]
    parts = [name for name in posts if "application/ld+json" in rooms.text(name)]
    assert len(parts) > 2
    title = meta(rooms.text("index.html"), "og:title")
    for name in parts:
        alt = meta(rooms.text(name), "og:image:alt")
        assert title not in alt
        if 'class="site notice"' in rooms.text(name):
            assert alt.endswith("Find help here")
        else:
            assert "help" not in alt
    assert title not in meta(rooms.text("get-help-now/index.html"), "og:image:alt")
    assert title in meta(rooms.text("about/index.html"), "og:image:alt")


def test_the_words_of_a_card_are_read_in_a_preview_of_300_px(rooms: Built) -> None:
    for path in rooms.folder.rglob("card.png"):
        card = Image.open(path).convert("RGB")
        foot = card.crop((0, 440, 1200, 630))
        ground = Image.new("RGB", foot.size, card.getpixel((5, 600)))
        left, top, right, bottom = ImageChops.difference(foot, ground).getbbox()
        assert 100 < right - left <= 1060, path
        # Letters with their ascenders are 0.7 em: at a quarter of the size, 8 px and more.
        assert bottom - top >= 32, path


def test_the_feed_tells_each_part_keeps_the_order_and_leads_back_nowhere(rooms: Built) -> None:
    entries = rooms.text("feed.xml").split("<entry>")[1:]
    titles = [re.search("<title>(.*?)</title>", entry)[1] for entry in entries]
    parts = [title for title in titles if title.startswith("Part ")]
    count = len(parts)
    assert count > 2
    for number, title in enumerate(titles[:count], 1):
        assert title.startswith(f"Part {number} of {count}: ")
    times = [re.search("<published>(.*?)</published>", entry)[1] for entry in entries]
    assert len(set(times)) == len(times)
    same_day = [t for t in times[:count] if t[:10] == times[0][:10]]
    assert same_day == sorted(same_day, reverse=True)
    for entry in entries:
        published, updated = (
            re.search(f"<{name}>(.*?)</{name}>", entry)[1] for name in ("published", "updated")
        )
        assert updated >= published
        assert "#cite-" not in entry
        assert "Back to" not in entry
