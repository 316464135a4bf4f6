"""The look holds: contrast, both schemes, forced colours, fonts, layers, and nothing moves."""

import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from conftest import KINDS, ROOT, Built
from palette import CSS, TOKENS, contrast
from playwright.sync_api import Browser

TEXT = {
    "paper": ["ink", "muted", "accent", "visited", "urgent", "caution-ink"],
    "surface": ["ink", "muted", "accent", "visited", "urgent"],
    "caution": ["ink", "caution-ink", "accent", "visited", "muted"],
}
EDGES = {
    "paper": ["edge", "urgent", "accent"],
    "surface": ["edge", "accent", "urgent"],
}


def test_the_contrast_formula_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_text_and_ground_has_a_contrast_of_seven(scheme: int) -> None:
    for ground, texts in TEXT.items():
        for text in texts:
            ratio = contrast(TOKENS[ground][scheme], TOKENS[text][scheme])
            assert ratio >= 7, f"--{text} on --{ground}: {ratio:.2f}"
    for ground, edges in EDGES.items():
        for edge in edges:
            assert contrast(TOKENS[ground][scheme], TOKENS[edge][scheme]) >= 3, (edge, ground)


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_authors_words_and_numerals_need_a_font_and_that_is_small(
    browser: Browser, address: str, kind: str
) -> None:
    page = browser.new_context().new_page()
    sizes = {}
    page.on(
        "response", lambda r: sizes.update({r.url: len(r.body())}) if "woff2" in r.url else None
    )
    page.goto(f"{address}/{kind}")
    page.evaluate("document.fonts.ready")
    serif = page.evaluate(
        """() => { const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        let text = '';
        for (let n; n = walker.nextNode();)
            if (getComputedStyle(n.parentElement).fontFamily.includes('Source Serif')) text += n.data;
        return text.trim(); }"""
    )
    assert bool(sizes) == bool(serif), sizes
    english = [size for url, size in sizes.items() if "-core" in url or "numerals" in url]
    assert sum(english) <= 25_000, sizes
    # Only who reads a name with letters of another language fetches a face for it.
    others = [letter for letter in serif if letter.isalpha() and letter > "z"]
    assert others or len(english) == len(sizes), sizes
    page.context.close()


def test_a_letter_of_another_language_comes_from_the_same_face(
    browser: Browser, address: str
) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/calmer-thoughts/")
    page.locator(".words p").first.evaluate("p => p.innerHTML = 'a é € š <i>a é € š</i>'")
    page.evaluate("document.fonts.ready")
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": ".words p"})["nodeId"]
    fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert fonts and all(font["isCustomFont"] for font in fonts), fonts
    page.context.close()


MOVES = """() => new Promise(done => { let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
      .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 200); })"""


# Of each kind that has words in the serif, one page.
@pytest.mark.parametrize("kind", ["", "company-in-dark-hours/", "a-word-on-ice-and-traffic/"])
@pytest.mark.parametrize("width", [320, 390, 412, 768, 1280])
def test_nothing_moves_when_the_fonts_arrive(
    browser: Browser, address: str, kind: str, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.route("**/*.woff2", lambda route: (page.wait_for_timeout(100), route.continue_()))
    page.goto(f"{address}/{kind}")
    page.evaluate("document.fonts.ready")
    assert page.evaluate(MOVES) < 0.001
    page.context.close()


@pytest.mark.parametrize("kind", ["index", "company-in-dark-hours/index", "get-help-now/index"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_arrives(
    browser: Browser, site: Built, kind: str, width: int
) -> None:
    """The page comes block by block, as on a slow network: what is drawn already stays there."""
    html = site.text(f"{kind}.html")
    *first, rest = re.split(
        r"(?<=</p>)|(?<=</h1>)|(?=<h1)|(?=<aside)|(?=<section)", html, maxsplit=9
    )

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for block in first:
                self.wfile.write(block.encode())
                self.wfile.flush()
                time.sleep(0.1)
            self.wfile.write(rest.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.route("**/*.woff2", lambda route: route.abort())
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert page.evaluate(MOVES) < 0.001
        page.context.close()
        server.shutdown()


def test_fonts_bring_their_licence() -> None:
    fonts = ROOT / "theme/static/fonts"
    faces = (ROOT / "theme/css/fonts.css").read_text(encoding="utf-8")
    for font in fonts.glob("*.woff2"):
        family = re.sub(r"(-italic)?-(core|latin-1|latin-ext|numerals)$", "", font.stem)
        assert "SIL OPEN FONT LICENSE" in (fonts / f"LICENSE-{family}.txt").read_text().upper()
        assert font.name in faces


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_forced_colours_keep_the_edges_and_reduced_motion_keeps_still(
    browser: Browser, address: str, media: dict[str, str]
) -> None:
    page = browser.new_context(**media).new_page()
    page.goto(f"{address}/company-in-dark-hours/")
    if "forced_colors" in media:
        borders = page.evaluate(
            """['.notice', '.notes', '.disclaimer'].map(s =>
            getComputedStyle(document.querySelector(s)).borderInlineStartWidth)"""
        )
        assert all(float(width.removesuffix("px")) >= 1 for width in borders), borders
        marks, ground = page.evaluate(
            """[getComputedStyle(document.querySelector('.people svg')).stroke,
            getComputedStyle(document.body).backgroundColor]"""
        )
        assert marks != ground
    else:
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        assert page.evaluate("document.getAnimations().length") == 0
    page.context.close()


def test_a_column_is_aligned_as_its_writer_wrote_it(browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/an-ordinary-post/")
    sides = page.evaluate(
        "[...document.querySelectorAll('td')].map(cell => getComputedStyle(cell).textAlign)"
    )
    assert sides == ["start", "center", "end"]
    page.context.close()


def test_no_style_is_there_that_nothing_matches(browser: Browser, address: str) -> None:
    page, unused = browser.new_context().new_page(), None
    for kind in KINDS:
        page.goto(f"{address}/{kind}")
        selectors = page.evaluate(
            r"""() => { const found = [];
            const state = /([\w)\]])?::?(before|after|hover|visited|focus-visible|focus|target)/g;
            const walk = rules => { for (const r of rules) {
                if (r.selectorText && !document.querySelector(
                    r.selectorText.replace(state, (_, end) => end || '*'))) found.push(r.selectorText);
                if (r.cssRules) walk(r.cssRules); } };
            for (const sheet of document.styleSheets) walk(sheet.cssRules);
            return found; }"""
        )
        unused = set(selectors) if unused is None else unused & set(selectors)
    assert not unused
    page.context.close()


def test_the_stylesheet_is_in_layers_and_shouts_nowhere() -> None:
    order = re.search(r"@layer ([\w, ]+);", CSS)
    assert order
    named = re.findall(r"^@layer (\w+) \{", CSS, re.MULTILINE)
    assert named == order[1].split(", ")
    outside = re.sub(r"^@layer \w+ \{.*?^\}", "", CSS, flags=re.MULTILINE | re.DOTALL)
    assert "{" not in outside
    assert "!important" not in CSS
    physical = re.findall(r"\b(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b", CSS)
    assert not physical


def test_every_kind_of_page_is_seen_in_both_voices(browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/calmer-thoughts/")
    faces = page.evaluate(
        """['.words p', '.notes li', 'h1', '.disclaimer p'].map(s =>
        getComputedStyle(document.querySelector(s)).fontFamily.split(',')[0])"""
    )
    assert faces == ['"Source Serif 4"', "system-ui", '"Source Serif 4"', "system-ui"]
    page.context.close()
