"""`invoke fonts`: make small woff2 files, and their stylesheet, from pinned npm packages.

In: packages fetched by `npm pack` into a temporary folder. Run `python tools/fonts.py` with
fonttools[woff] installed and npm on PATH: it prints the sizes, and the same versions give the same
bytes. All fonts are unhinted, with kerning, ligatures and proportional figures; the name table
keeps copyright and licence only, so no cut bears the reserved font name.

Out, in theme/static/fonts/, for the web: a woff2 for each face and subset of the wght-only Latin
cuts of WEB_PACKAGE, and its licence. "core" holds English; "latin-1" and "latin-ext" hold the rest
of western and central European letters and load only where a page needs them. The site's own voice
is in the reader's own sans.

Out, in theme/css/fonts.css: an @font-face rule for each of these files, and for each of STAND_INS,
the reader's own fonts that are seen until the files arrive.

Out, in theme/print-fonts/, for the PDF and the pictures, and never served: one whole woff2 for each
style of PRINT_FACES, their licences, and letters.txt: the code points that all of them have. A
typesetter finds a face by its name, so a face may not be in several files.
"""

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

THEME = Path(__file__).resolve().parent.parent / "theme"
OUT, PRINT_OUT = THEME / "static" / "fonts", THEME / "print-fonts"
STYLESHEET = THEME / "css" / "fonts.css"
SERIF, SANS = "source-serif-4", "source-sans-3"
WEB_PACKAGE = f"@fontsource-variable/{SERIF}@5.3.1"
SUBSETS = {
    "core": "20-7E,A0,A7,A9,AD,B0-B1,B7,D7,E4-E5,E7-E9,F1,F6,F8,FC,"
    "2009,2013-2014,2018-2019,201C-201D,2022,2026,2039-203A,2191,2212",
    "latin-1": "A1-A6,A8,AA-AC,AE-AF,B2-B6,B8-D6,D8-E3,E6,EA-F0,F2-F5,F7,F9-FB,FD-FF,131,"
    "152-153,201A,201E,2032-2033,2044,20AC,2122,2193",
    "latin-ext": "100-12B,12E-130,134-151,154-165,168-17F,218-21B,2020",
    "numerals": "30-39",
}
TEXT = ("core", "latin-1", "latin-ext")
# Family, style, weights, subsets. In the text's own file (300-700) numerals would cost 8 kB more.
FACES = [
    ("Source Serif 4", "normal", "400 700", TEXT),
    ("Source Serif 4", "italic", "400", TEXT),
    ("Source Serif 4 Numerals", "normal", "300", ("numerals",)),
]
# Family, style, weights, local names, and size-adjust in percent: the one at which most lines of
# the author's text (400) and titles (600) break where Source Serif's do, in Chromium, in windows of
# 320 to 1,280 px; tried on fonts of the same widths, Tinos for Liberation Serif and Gelasio for
# Georgia. Each name that is not found delays the first paint, most of all on Linux, where Chromium
# asks another process: so names are few, and Linux is first.
LINUX, GEORGIA, ANDROID = "Serif on Linux", "Serif with Georgia", "Serif on Android"
STAND_INS = [
    (LINUX, "normal", "400", ("Liberation Serif", "Tinos"), 118.9),
    (LINUX, "normal", "600 700", ("Liberation Serif Bold", "Tinos Bold"), 112.4),
    (LINUX, "italic", "400", ("Liberation Serif Italic", "Tinos Italic"), 108.6),
    (GEORGIA, "normal", "400", ("Georgia",), 108.1),
    (GEORGIA, "normal", "600 700", ("Georgia Bold",), 93.1),
    (GEORGIA, "italic", "400", ("Georgia Italic",), 96.9),
    (ANDROID, "normal", "400", ("Noto Serif", "NotoSerif"), 99.6),
    (ANDROID, "normal", "600 700", ("Noto Serif Bold", "NotoSerif-Bold"), 95.4),
]
# Both voices, whole: the serif as Google cuts it, like the web's, and the sans as Adobe does.
PRINT_PACKAGES = {SERIF: "@expo-google-fonts/source-serif-4@0.4.1", SANS: "source-sans@3.52.0"}
PRINT_LICENCES = {SERIF: "LICENSE_FONT", SANS: "LICENSE.md"}
PRINT_FACES = {
    "source-serif-4": (SERIF, "400Regular/SourceSerif4_400Regular.ttf"),
    "source-serif-4-600": (SERIF, "600SemiBold/SourceSerif4_600SemiBold.ttf"),
    "source-serif-4-italic": (SERIF, "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf"),
    "source-sans-3": (SANS, "TTF/SourceSans3-Regular.ttf"),
    "source-sans-3-600": (SANS, "TTF/SourceSans3-Semibold.ttf"),
}
FEATURES = ["kern", "liga", "pnum"]
ACCENTS = ["ccmp", "mark", "mkmk"]  # letters whose accents are written by themselves


def fetch(package: str, folder: Path) -> Path:
    """Fetch and unpack one npm package; return its root."""
    folder.mkdir()
    command = [shutil.which("npm") or "npm", "pack", "--silent", package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def write(font: TTFont, codes: Iterable[int], features: list[str], target: Path) -> None:
    """Write the woff2 of these characters; fail if the font lacks one."""
    options = Options(hinting=False, notdef_outline=False, ignore_missing_unicodes=False)
    options.bidi_closure = False  # it asks for the mirror images of signs, which no font here has
    options.layout_features, options.layout_scripts = features, ["DFLT", "latn"]
    options.name_IDs, options.drop_tables = [0, 13, 14], [*options.drop_tables, "BASE", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.parent.name + '/' + target.name:52}{target.stat().st_size:7,}")


def cut(source: Path, characters: str, weights: str, target: Path) -> None:
    """Write the woff2 of these characters at a weight ("300") or a range of weights ("400 700")."""
    whole, buffer = TTFont(source, recalcTimestamp=False), io.BytesIO()
    lightest, *_, boldest = [*map(int, weights.split())] * 2
    instantiateVariableFont(whole, {"wght": (lightest, boldest)}, inplace=True)
    whole.flavor = None
    whole.save(buffer)  # the subsetter wants a font freshly read
    font = TTFont(buffer, recalcTimestamp=False)
    write(font, parse_unicodes(characters), FEATURES, target)


def ranges(codes: Iterable[int]) -> str:
    """Return code points as a CSS unicode-range without its U+: 20-7E,A0."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in runs)


def font_face(family: str, style: str, weights: str, **descriptors: str) -> str:
    """Return an @font-face rule; a descriptor's name has _ for -."""
    lines = [f'font-family: "{family}"', f"font-style: {style}", f"font-weight: {weights}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in descriptors.items()]
    return "".join(["@font-face {\n", *(f"  {line};\n" for line in lines), "}\n"])


def stand_in(font: TTFont, size: float, names: Iterable[str]) -> dict[str, str]:
    """Return the descriptors that give a local font the line height of `font`.

    `size` is its size-adjust in percent, which applies to the overrides too.
    """
    line, scale = font["hhea"], font["head"].unitsPerEm * size / 100
    return {
        "src": ", ".join(f'local("{name}")' for name in names),
        "size_adjust": f"{size}%",
        "ascent_override": f"{line.ascent / scale:.2%}",
        "descent_override": f"{-line.descent / scale:.2%}",
        "line_gap_override": "0%",
    }


def web_fonts(scratch: Path) -> None:
    """Write theme/static/fonts/ and theme/css/fonts.css."""
    OUT.mkdir(parents=True, exist_ok=True)
    root = fetch(WEB_PACKAGE, scratch / SERIF)
    whole = TTFont(root / f"files/{SERIF}-latin-wght-normal.woff2")
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    licence = f"{whole['name'].getDebugName(0)}\n\n{licence}"
    (OUT / f"LICENSE-{SERIF}.txt").write_text(licence, encoding="utf-8", newline="\n")
    rules = ["/* Written by `invoke fonts`; edit tools/fonts.py. */\n"]
    for *face, subsets in FACES:
        family, style, weights = face
        for subset in subsets:
            held = "latin-ext" if subset == "latin-ext" else "latin"
            source = root / f"files/{SERIF}-{held}-wght-{style}.woff2"
            target = OUT / f"{SERIF}{'-italic' * (style == 'italic')}-{subset}.woff2"
            cut(source, SUBSETS[subset], weights, target)
            descriptors = {
                "font_display": "swap",
                "src": f'url("../static/fonts/{target.name}") format("woff2")',
            }
            if subset != subsets[0]:  # the first has every letter that no rule after it takes
                codes = SUBSETS[subset].split(",")
                descriptors["unicode_range"] = ", ".join(f"U+{code}" for code in codes)
            rules.append(font_face(family, style, weights, **descriptors))
    for family, style, weights, names, size in STAND_INS:
        rules.append(font_face(family, style, weights, **stand_in(whole, size, names)))
    STYLESHEET.write_text("\n".join(rules), encoding="utf-8", newline="\n")


def print_fonts(scratch: Path) -> None:
    """Write theme/print-fonts/."""
    PRINT_OUT.mkdir(parents=True, exist_ok=True)
    roots = {}
    for family, package in PRINT_PACKAGES.items():
        roots[family] = fetch(package, scratch / f"{family}-whole")
        licence = (roots[family] / PRINT_LICENCES[family]).read_text(encoding="utf-8")
        target = PRINT_OUT / f"LICENSE-{family}.txt"
        target.write_text(licence, encoding="utf-8", newline="\n")
    fonts = {
        name: TTFont(roots[family] / path, recalcTimestamp=False)
        for name, (family, path) in PRINT_FACES.items()
    }
    shared = set.intersection(*(set(font.getBestCmap()) for font in fonts.values()))
    for name, font in fonts.items():
        write(font, shared, [*FEATURES, *ACCENTS], PRINT_OUT / f"{name}.woff2")
    letters = PRINT_OUT / "letters.txt"
    letters.write_text(f"{ranges(shared)}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        web_fonts(Path(folder))
        print_fonts(Path(folder))
