"""`invoke fonts`: make small woff2 files from pinned npm packages of fonts.

In: packages fetched by `npm pack` into a temporary folder. Run `python tools/fonts.py` with
fonttools[woff] installed and npm on PATH: it prints the sizes, and the same versions give the same
bytes. All fonts are unhinted, with kerning, ligatures and proportional figures; the name table
keeps copyright and licence only, so no cut bears the reserved font name.

Out, in theme/static/fonts/, for the web: a woff2 for each face and range of the wght-only Latin
cuts of PACKAGES, and LICENSE-<family>.txt. "core" holds English; "latin-1" and "latin-ext" hold the
rest of western and central European letters and load only where a page needs them: the CSS repeats
RANGES as unicode-range.

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
SERIF, SANS = "source-serif-4", "source-sans-3"
PACKAGES = {SERIF: "5.3.1", SANS: "5.3.0"}
RANGES = {
    "core": "20-7E,A0,A7,A9,AD,B0-B1,B7,D7,E4-E5,E7-E9,F1,F6,F8,FC,"
    "2009,2013-2014,2018-2019,201C-201D,2022,2026,2039-203A,2191,2212",
    "latin-1": "A1-A6,A8,AA-AC,AE-AF,B2-B6,B8-D6,D8-E3,E6,EA-F0,F2-F5,F7,F9-FB,FD-FF,131,"
    "152-153,201A,201E,2032-2033,2044,20AC,2122,2193",
    "latin-ext": "100-12B,12E-130,134-151,154-165,168-17F,218-21B,2020",
    "numerals": "30-39",
}
TEXT = ("core", "latin-1", "latin-ext")
Weight = int | tuple[int, int]
# Family, style, weight or range of weights, ranges. Serif at 300-700 would cost 8 kB more.
FACES: list[tuple[str, str, Weight, tuple[str, ...]]] = [
    (SERIF, "normal", (400, 700), TEXT),
    (SERIF, "normal", 300, ("numerals",)),
    (SERIF, "italic", 400, TEXT),
    (SANS, "normal", (400, 600), TEXT),
]
# The same faces whole: the serif as Google cuts it, like the web's, and the sans as Adobe does.
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


def cut(source: Path, characters: str, weight: Weight, target: Path) -> None:
    """Write the woff2 of these characters at this weight."""
    whole, buffer = TTFont(source, recalcTimestamp=False), io.BytesIO()
    instantiateVariableFont(whole, {"wght": weight}, inplace=True)
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


def web_fonts(scratch: Path) -> None:
    """Write theme/static/fonts/."""
    OUT.mkdir(parents=True, exist_ok=True)
    for family, version in PACKAGES.items():
        root = fetch(f"@fontsource-variable/{family}@{version}", scratch / family)
        owner = TTFont(root / f"files/{family}-latin-wght-normal.woff2")["name"].getDebugName(0)
        licence = f"{owner}\n\n{(root / 'LICENSE').read_text(encoding='utf-8')}"
        (OUT / f"LICENSE-{family}.txt").write_text(licence, encoding="utf-8", newline="\n")
    for family, style, weight, parts in FACES:
        for part in parts:
            held = "latin-ext" if part == "latin-ext" else "latin"
            source = scratch / family / f"package/files/{family}-{held}-wght-{style}.woff2"
            target = OUT / f"{family}{'-italic' * (style == 'italic')}-{part}.woff2"
            cut(source, RANGES[part], weight, target)


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
