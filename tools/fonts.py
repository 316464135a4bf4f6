"""Cut the site's web fonts: pinned npm packages in, small woff2 files and licences out.

In: the wght-only Latin cuts of PACKAGES, fetched by `npm pack` into a temporary folder.
Out, in theme/static/fonts/: a woff2 for each face and range, and LICENSE-<family>.txt. "core"
holds English; "latin-1" and "latin-ext" hold the rest of western and central European letters
and load only where a page needs them: the CSS repeats RANGES as unicode-range. Unhinted, with
kerning, ligatures and proportional figures; the name table keeps copyright and licence only, so
no cut bears the reserved font name. Run `python tools/fonts.py` with fonttools[woff] installed
and npm on PATH: it prints the sizes, and the same versions give the same bytes.
"""

import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parent.parent / "theme" / "static" / "fonts"
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


def fetch(package: str, folder: Path) -> Path:
    """Fetch and unpack one npm package; return its root."""
    folder.mkdir()
    command = [shutil.which("npm") or "npm", "pack", "--silent", package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def cut(source: Path, characters: str, weight: Weight, target: Path) -> None:
    """Write the woff2 of these characters at this weight; fail if the source lacks one."""
    whole, buffer = TTFont(source, recalcTimestamp=False), io.BytesIO()
    instantiateVariableFont(whole, {"wght": weight}, inplace=True)
    whole.flavor = None
    whole.save(buffer)  # the subsetter wants a font freshly read
    font = TTFont(buffer, recalcTimestamp=False)
    options = Options(hinting=False, notdef_outline=False, ignore_missing_unicodes=False)
    options.layout_features, options.layout_scripts = ["kern", "liga", "pnum"], ["DFLT", "latn"]
    options.name_IDs, options.drop_tables = [0, 13, 14], [*options.drop_tables, "BASE", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(characters))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        OUT.mkdir(parents=True, exist_ok=True)
        for family, version in PACKAGES.items():
            root = fetch(f"@fontsource-variable/{family}@{version}", Path(scratch, family))
            owner = TTFont(root / f"files/{family}-latin-wght-normal.woff2")["name"].getDebugName(0)
            licence = f"{owner}\n\n{(root / 'LICENSE').read_text(encoding='utf-8')}"
            (OUT / f"LICENSE-{family}.txt").write_text(licence, encoding="utf-8", newline="\n")
        for family, style, weight, parts in FACES:
            for part in parts:
                held = "latin-ext" if part == "latin-ext" else "latin"
                source = Path(
                    scratch, family, "package/files", f"{family}-{held}-wght-{style}.woff2"
                )
                target = OUT / f"{family}{'-italic' * (style == 'italic')}-{part}.woff2"
                cut(source, RANGES[part], weight, target)
                print(f"{target.name:38}{target.stat().st_size:7,}  wght {weight}")
