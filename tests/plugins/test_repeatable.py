"""Two builds of one commit are the same bytes; publishing changes few settings."""

import os
import runpy
import subprocess
import sys

import pytest
from conftest import ROOT, UNDER_A_PATH, Built, copy_project, fingerprint


def test_two_builds_are_byte_for_byte_the_same(
    site: Built, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = copy_project(tmp_path_factory.mktemp("another folder"))
    for path in elsewhere.rglob("*"):
        os.utime(path, (1, 1))
    env = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py"]
    subprocess.run(command, cwd=elsewhere, env={**os.environ, **env}, check=True)
    assert fingerprint(elsewhere / "output") == fingerprint(site.folder)
    assert len(fingerprint(site.folder)) > 20


def test_publishing_changes_the_address_and_adds_pictures_and_a_pdf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)  # another copy's, perhaps
    monkeypatch.setenv("SITEURL", UNDER_A_PATH + "/")
    local = runpy.run_path(str(ROOT / "pelicanconf.py"))
    public = runpy.run_path(str(ROOT / "publishconf.py"))
    names = {name for name in local | public if name.isupper()}
    plain = {name for name in names if not callable(local.get(name))}
    differs = {name for name in plain if local.get(name) != public.get(name)}
    assert differs == {"SITEURL", "FEED_DOMAIN", "BOOK_URL"}
    assert public["SITEURL"] == UNDER_A_PATH
