"""What the PDF, the tests and the benchmarks need of the system, and which packages provide it."""

import shutil
import subprocess
from ctypes.util import find_library
from pathlib import Path
from typing import NamedTuple

from tools import system


class Package(NamedTuple):
    """A program, a library or a module of nginx, and the packages that provide it.

    Where Homebrew has no package, `tests` names the test file that is left out.
    """

    needed: str
    debian: str
    homebrew: str
    tests: str = ""


# What WeasyPrint loads.
PANGO = [
    Package("pango-1.0", "libpango-1.0-0", "pango"),
    Package("pangoft2-1.0", "libpangoft2-1.0-0", "pango"),
    Package("harfbuzz-subset", "libharfbuzz-subset0", "harfbuzz"),
]
BROTLI_MODULE = "ngx_http_brotli_static_module.so"
TESTS = [
    *PANGO,
    Package("chromium", "chromium", "chromium"),
    Package("java", "default-jre-headless", "openjdk"),
    Package("pdftotext", "poppler-utils", "poppler"),
    Package("openssl", "openssl", "openssl"),
    Package("nginx", "nginx-light", "nginx"),
    Package(BROTLI_MODULE, "libnginx-mod-http-brotli-static", "", "publish/test_servers.py"),
    Package("caddy", "caddy", "caddy"),
]
NGINX_MODULES = [
    Path(folder)
    for folder in ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/lib/nginx")
]


def is_installed(package: Package) -> bool:
    """Return whether the system has what a package provides."""
    name = package.needed
    if name.endswith(".so"):
        return any((folder / name).exists() for folder in NGINX_MODULES)
    return bool(system.find_program(name) or find_library(name))


def pango_command() -> str:
    """Return the command that installs WeasyPrint's libraries on this system."""
    if system.WINDOWS:
        return "pacman -S mingw-w64-ucrt-x86_64-pango, in MSYS2's shell (https://www.msys2.org)"
    if system.MACOS:
        return f"brew install {' '.join(sorted({package.homebrew for package in PANGO}))}"
    return f"sudo apt-get install {' '.join(package.debian for package in PANGO)}"


def install_missing(packages: list[Package]) -> list[Package]:
    """Install what is missing; return what no package provides, whose tests must be left out.

    Raise SystemExit with what to type or install if a person has to do it.
    """
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return []
    homebrew, apt = shutil.which("brew"), shutil.which("apt-get")
    commands: list[list[str]] = []
    if homebrew and not apt:
        names = sorted({package.homebrew for package in missing} - {""})
        commands = [[homebrew, "install", *names]] if names else []
    elif apt:
        names = [package.debian for package in missing]
        commands = [[apt, "update", "-qq"], [apt, "install", "-y", "-qq", *names]]
        if not system.is_root():
            sudo = shutil.which("sudo")
            if not sudo or subprocess.run([sudo, "-n", "true"], capture_output=True).returncode:
                by_hand = f"sudo apt-get install {' '.join(names)}"
                raise SystemExit(f"Type, and try again:\n\n    {by_hand}")
            commands = [[sudo, "-n", *command] for command in commands]
    for command in commands:
        if code := subprocess.run(command).returncode:
            raise SystemExit(f"{' '.join(command)} failed with exit code {code}.")
    still_missing = [package for package in missing if not is_installed(package)]
    if unknown := [package.needed for package in still_missing if not package.tests]:
        raise SystemExit(f"This needs {', '.join(unknown)}. Install them, and try again.")
    return still_missing
