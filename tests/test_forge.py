"""The forge checks before it publishes, tests what is code, names what is wrong, and has few rights."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, copy_project, invoke

from tools import changes
from tools.publish import github_pages

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").rglob("action.yml"))
TOOLS = Path(sys.executable).parent

# What GitHub answers for a repository's Pages, as https://docs.github.com/rest/pages/pages prints it.
PAGES = {
    "url": "https://api.github.com/repos/github/developer.github.com/pages",
    "status": "built",
    "cname": "developer.github.com",
    "custom_404": False,
    "html_url": "https://developer.github.com",
    "build_type": "workflow",
    "public": True,
    "https_certificate": {
        "state": "approved",
        "description": "Certificate is approved",
        "domains": ["developer.github.com"],
        "expires_at": "2021-05-22",
    },
    "https_enforced": True,
}


def load(path: Path) -> dict[str, Any]:
    """Read a workflow. YAML 1.1 reads the key `on` as true."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(name: str) -> dict[str, Any]:
    """Return a workflow's jobs."""
    return load(GITHUB / f"workflows/{name}.yml")["jobs"]


def script(name: str, job: str, step: str) -> str:
    """Return what a workflow's step runs."""
    steps = jobs(name)[job]["steps"]
    return next(s["run"] for s in steps if step in (s.get("name"), s.get("id")))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actionlint_finds_nothing(path: Path) -> None:
    run = subprocess.run([TOOLS / "actionlint", path], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "")


def test_actionlint_would_find_a_slip(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text((GITHUB / "workflows/publish.yml").read_text().replace("needs.plan.outputs", "needs.paln.outputs"))  # fmt: skip
    run = subprocess.run([TOOLS / "actionlint", broken], capture_output=True, text=True)
    assert run.returncode == 1
    assert "paln" in run.stdout


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Audit workflows without asking the web."""
    return subprocess.run(
        [TOOLS / "zizmor", "--offline", "--no-progress", *paths], capture_output=True, text=True
    )


def test_zizmor_finds_nothing_in_workflows_actions_and_dependabot(tmp_path: Path) -> None:
    run = zizmor(GITHUB)
    assert run.returncode == 0, run.stdout
    broken = tmp_path / ".github/workflows/broken.yml"
    broken.parent.mkdir(parents=True)
    text = (GITHUB / "workflows/check.yml").read_text(encoding="utf-8")
    broken.write_text(text.replace("  pull_request:\n", "  pull_request_target:\n"))
    assert "dangerous-triggers" in zizmor(tmp_path).stdout


def test_each_action_is_pinned_to_a_commit_and_its_version_is_told() -> None:
    used = [
        (path, use)
        for path in (*WORKFLOWS, *ACTIONS)
        for use in re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    ]
    assert len(used) > 5
    for path, use in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\$/\.github/\S+", use), (
            path,
            use,
        )
    versions: dict[str, set[str]] = {}
    for _, use in used:
        versions.setdefault(use.split("@")[0], set()).add(use)
    assert all(len(pins) == 1 for pins in versions.values()), versions
    uv = (GITHUB / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^uv==\d+\.\d+\.\d+ \\\n +--hash=sha256:", uv, re.M)


def test_nothing_has_rights_but_the_deployment_and_the_monthly_issue() -> None:
    rights = {}
    for path in WORKFLOWS:
        workflow = load(path)
        assert workflow["permissions"] == {}, path
        assert "pull_request_target" not in path.read_text(encoding="utf-8")
        for name, job in workflow["jobs"].items():
            written = {right for right, kind in job["permissions"].items() if kind == "write"}
            rights |= {(path.stem, name): written} if written else {}
    assert rights == {
        ("publish", "deploy"): {"pages", "id-token"},
        ("due", "list"): {"issues"},
    }
    # What has rights runs nothing of a pull request's, nor of a fork's.
    for name in ("publish", "due"):
        assert "pull_request" not in load(GITHUB / f"workflows/{name}.yml")[True]
    assert "repository.fork" in jobs("due")["list"]["if"]
    assert all("uses" in step for step in jobs("publish")["deploy"]["steps"])


def test_every_system_checks_and_builds() -> None:
    check = jobs("check")["check"]
    systems = {entry["os"].partition("-")[0] for entry in check["strategy"]["matrix"]["include"]}
    assert systems == {"ubuntu", "macos", "windows"}
    runs = [step.get("run") for step in check["steps"]]
    assert {"uv run -q invoke check", "uv run -q invoke build"} <= set(runs)


def test_what_is_published_holds_its_hidden_files() -> None:
    (upload,) = [
        step
        for step in jobs("publish")["release"]["steps"]
        if "upload-pages-artifact" in step.get("uses", "")
    ]
    assert upload["with"]["include-hidden-files"] is True


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two files, and a `gh` that answers what a test writes beside it."""
    folder = tmp_path / "repository"
    (folder / "content").mkdir(parents=True)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "content/post.md").write_text("one\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "The first")
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin/gh"
    gh.write_text(
        f"#!{sys.executable}\nimport json, sys\nfrom pathlib import Path\n"
        f"answers = json.loads(Path({str(tmp_path / 'answers.json')!r}).read_text())\n"
        "answer = answers[sys.argv[2]]\n"
        "if answer is None:\n"
        "    sys.exit('gh: Not Found (HTTP 404)')\n"
        "if isinstance(answer, str):\n"
        "    sys.exit(answer)\n"
        "print(json.dumps(answer))\n"
    )
    gh.chmod(0o755)
    return folder


def git(folder: Path, *words: str) -> str:
    name = ["-c", "user.name=A test", "-c", "user.email=test@mail.internal"]
    run = subprocess.run(["git", *name, *words], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def deployed(*states: tuple[str, str]) -> dict[str, Any]:
    """Return what GitHub's GraphQL answers for deployments: a commit and its state, oldest first."""
    nodes = [{"commitOid": oid, "latestStatus": {"state": state}} for oid, state in states]
    return {"data": {"repository": {"deployments": {"nodes": nodes}}}}


def plan(
    repository: Path, pages: object, deployments: object, siteurl: str = ""
) -> tuple[int, dict[str, str], str]:
    """Run the plan as the workflow does; return its exit code, its outputs and what it prints."""
    (step,) = [s for s in jobs("publish")["plan"]["steps"] if s.get("id") == "plan"]
    folder = repository.parent
    outputs = folder / "outputs"
    outputs.write_text("")
    answers = {"repos/owner/site/pages": pages, "graphql": deployments}
    (folder / "answers.json").write_text(json.dumps(answers))
    run = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=repository,
        env={
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "GITHUB_REPOSITORY": "owner/site",
            "GITHUB_OUTPUT": str(outputs),
            "SITEURL": siteurl,
        },
        capture_output=True,
        text=True,
    )
    values = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    return run.returncode, values, run.stdout + run.stderr


def test_content_alone_goes_live_without_the_tests_and_code_never_does(repository: Path) -> None:
    live = git(repository, "rev-parse", "HEAD")
    (repository / "content/post.md").write_text("two\n")
    commit(repository, "Content alone")
    address = PAGES["html_url"]
    code, outputs, _ = plan(repository, PAGES, deployed((live, "SUCCESS")))
    assert (code, outputs) == (0, {"address": address, "test": "false"})

    # Code that failed its tests yesterday is not live: today's change of content does not carry it.
    (repository / "tools/project.py").write_text("raise SystemExit\n")
    broken = commit(repository, "Code, whose tests fail")
    (repository / "content/post.md").write_text("three\n")
    commit(repository, "Content again")
    known = deployed((live, "SUCCESS"), (broken, "FAILURE"))
    assert plan(repository, PAGES, known)[1] == {"address": address, "test": "true"}

    # Nothing is live yet, or git does not know what is.
    for unknown in (deployed(), deployed(("0" * 40, "SUCCESS")), None):
        assert plan(repository, PAGES, unknown)[1]["test"] == "true"


def test_the_newest_deployment_that_came_through_is_what_is_live(repository: Path) -> None:
    older = git(repository, "rev-parse", "HEAD")
    (repository / "tools/project.py").write_text("# better\n")
    newer = commit(repository, "Code")
    for states, test in [
        ([(older, "INACTIVE"), (newer, "SUCCESS")], "false"),
        ([(older, "SUCCESS"), (newer, "IN_PROGRESS")], "true"),
    ]:
        assert plan(repository, PAGES, deployed(*states))[1]["test"] == test


def test_pages_that_are_off_are_told_and_fail_nothing(repository: Path) -> None:
    code, outputs, printed = plan(repository, None, deployed())
    assert (code, outputs["address"]) == (0, "")
    assert printed.startswith("::notice::GitHub Pages is off here, so nothing is published.")
    assert printed.count("\n") == 1
    for job in ("test", "release"):
        assert "needs.plan.outputs.address != ''" in jobs("publish")[job]["if"]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ({**PAGES, "build_type": "legacy"}, "Choose GitHub Actions as the source"),
        (
            {
                **PAGES,
                "html_url": "http://reading-room.org",
                "https_certificate": {"state": "authorization_pending"},
            },
            "http://reading-room.org has no https yet (its certificate: authorization_pending).",
        ),
        ({**PAGES, "html_url": "http://reading-room.org", "https_certificate": None}, "tick it"),
        ("gh: Bad gateway (HTTP 502)", "GitHub did not answer: gh: Bad gateway (HTTP 502)"),
    ],
)
def test_what_keeps_readers_out_is_told_before_anything_is_built(
    repository: Path, pages: object, message: str
) -> None:
    code, outputs, printed = plan(repository, pages, deployed())
    assert code == 1
    assert outputs == {}
    assert printed.startswith("::error::") and message in printed
    assert printed.count("\n") == 1


def test_the_repositorys_own_address_goes_before_githubs() -> None:
    assert github_pages.address(PAGES, "https://reading-room.org/") == "https://reading-room.org"


def test_a_release_waits_for_the_tests_or_for_the_plan_that_needs_none() -> None:
    condition = jobs("publish")["release"]["if"]
    assert jobs("publish")["release"]["needs"] == ["plan", "test"]
    assert "needs.test.result == 'success'" in condition
    assert "needs.test.result == 'skipped' && needs.plan.outputs.test == 'false'" in condition
    assert jobs("publish")["deploy"]["needs"] == "release"
    runs = [step.get("run", "") for step in jobs("publish")["release"]["steps"]]
    assert any(run.endswith("invoke publish") for run in runs)


def change_of(repository: Path) -> str:
    """Return what the check says of the last commit: "code=true", or nothing."""
    output = repository.parent / "output"
    output.write_text("")
    run = subprocess.run(
        ["bash", "-e", "-c", script("check", "changes", "code")],
        cwd=repository,
        env={**os.environ, "GITHUB_OUTPUT": str(output)},
    )
    assert run.returncode == 0
    return output.read_text()


def test_a_pull_request_of_content_alone_needs_no_tests_and_one_with_code_does(
    repository: Path,
) -> None:
    (repository / "content/post.md").write_text("two\n")
    commit(repository, "Content")
    assert change_of(repository) == ""
    (repository / "content/post.md").write_text("three\n")
    (repository / "tasks.py").write_text("# a task\n")
    commit(repository, "Both")
    assert change_of(repository) == "code=true\n"


PROBLEMS = {
    "a conflict that was not settled": (
        "pages/get-help-now.md",
        "\n<<<<<<< HEAD\nOne way.\n=======\nAnother.\n>>>>>>> other\n",
    ),
    "a word that is misspelt": ("pages/get-help-now.md", "\nYou will recieve an answer.\n"),
    "Markdown that the lint refuses": (
        "pages/get-help-now.md",
        "\n## A heading\nWords right under it.\n",
    ),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_publish_refuses_what_the_check_refuses(tmp_path: Path, problem: str) -> None:
    project = copy_project(tmp_path / "project")
    file, words = PROBLEMS[problem]
    with (project / "content" / file).open("a", encoding="utf-8", newline="\n") as page:
        page.write(words)
    check = invoke(project, "check")
    assert check.returncode == 1
    run = invoke(project, "publish", SITEURL="https://reading-room.internal")
    assert run.returncode == 1
    first = check.stdout.splitlines()[0]
    assert f"content/{file}:" in first
    assert first in run.stdout + run.stderr
    assert "output/ stays as it was" in run.stderr
    assert not (project / "output").exists()


def build_of(folder: Path, **pages: str) -> Path:
    """Write pages as a build does, each with the words of its main part."""
    for name, words in pages.items():
        path = folder / name.replace("home", "index.html").replace("_", "/")
        path = path if path.suffix else path / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"<html><head><title>{name}</title><style>p {{}}</style></head>"
            f"<body><main>{words}</main><footer><p>Foot.</p></footer></body></html>",
            encoding="utf-8",
        )
    return folder


def test_a_summary_tells_the_words_before_and_after(tmp_path: Path) -> None:
    before = build_of(
        tmp_path / "before",
        home="<p>Call 555 0101, <b>free</b> &amp; by night.</p><p>Stays.</p>",
        about="<p>Nobody <em>reviewed</em> this.</p>",
        gone="<p>Bye.</p>",
        same="<p>Same.</p>",
    )
    after = build_of(
        tmp_path / "after",
        home="<p>Call 555 0102, <b>free</b> &amp; by night.</p><p>Stays.</p><ul><li>More</li></ul>",
        about="<p>Nobody <strong>reviewed</strong> this.</p>",
        new_page="<p>Hi.</p>",
        same="<p>Same.</p>",
    )
    report = changes.report(before, after)
    assert report.startswith("## What readers will see\n")
    assert "New page: `/new/page/`" in report
    assert "Page gone: `/gone/`" in report
    assert "### `/`\n\n" in report
    assert "- Call 555 <del>0101,</del><ins>0102,</ins> free &amp; by night." in report
    assert "- <ins>More</ins>" in report
    assert "Pages that change in markup or style, not in words: 1." in report
    assert "Stays." not in report and "/same/" not in report


def test_what_changes_on_many_pages_is_told_once(tmp_path: Path) -> None:
    names = {f"page{number}": f"<p>Page {number}.</p>" for number in range(9)}
    before, after = build_of(tmp_path / "before", **names), build_of(tmp_path / "after", **names)
    for page in after.rglob("*.html"):
        page.write_text(page.read_text().replace("Foot.", "Footer."))
    page.write_text(page.read_text().replace("Page ", "A page, "))
    report = changes.report(before, after)
    assert report.count("<ins>Footer.</ins>") == 1
    assert "### 9 pages, such as `/page0/`" in report
    assert report.count("###") == 2


def test_two_builds_that_say_the_same_and_a_build_that_is_missing(tmp_path: Path) -> None:
    before = build_of(tmp_path / "before", home="<p>A.</p>")
    assert changes.report(before, before).endswith("No page changes.")
    with pytest.raises(SystemExit, match="There is no page here"):
        changes.report(before, tmp_path / "nothing")


def test_a_summary_stays_short_and_words_stay_words(tmp_path: Path) -> None:
    before = build_of(tmp_path / "before", home="<p>&lt;script&gt;</p>")
    many = "".join(f"<p>{number} {'word ' * 40}</p>" for number in range(2_000))
    after = build_of(tmp_path / "after", home=many, **{f"p{n}": many for n in range(3)})
    report = changes.report(before, after)
    assert "- <del>&lt;script&gt;</del>" in report
    assert "more" in report and len(report) < 100_000


def test_invoke_changes_compares_two_real_builds(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    page = next((project / "content/pages").glob("questions-*.md"))
    assert invoke(project, "build").returncode == 0
    shutil.copytree(project / "output", tmp_path / "before")
    with page.open("a", encoding="utf-8") as text:
        text.write("\nOne sentence more for this page.\n")
    assert invoke(project, "build").returncode == 0
    run = invoke(project, "changes", str(tmp_path / "before"), "output")
    assert run.returncode == 0, run.stderr
    assert f"### `/{page.stem}/`" in run.stdout
    assert "<ins>One sentence more for this page.</ins>" in run.stdout


def issue_step(tmp_path: Path, due: str, issues: list[dict[str, Any]], owners: str) -> list[str]:
    """Run the monthly step with a `gh` that keeps issues in a file; return what it was told."""
    gh = tmp_path / "bin/gh"
    gh.parent.mkdir(exist_ok=True)
    gh.write_text(
        f"#!{sys.executable}\nimport json, os, sys\nfrom pathlib import Path\n"
        f"calls, issues = Path({str(tmp_path / 'calls')!r}), {issues!r}\n"
        "words = sys.argv[1:]\n"
        "if words[:2] == ['issue', 'list']:\n"
        "    assert words[-1] == 'map(select(.title == env.TITLE)) | .[0].number // empty'\n"
        "    own = [i['number'] for i in issues if i['title'] == os.environ['TITLE']]\n"
        "    print(*own[:1])\n"
        "else:\n"
        "    calls.open('a').write(' '.join(words) + '\\n')\n"
    )
    gh.chmod(0o755)
    (tmp_path / "calls").write_text("")
    (tmp_path / "due.md").write_text(due)
    (tmp_path / ".github").mkdir(exist_ok=True)
    (tmp_path / ".github/CODEOWNERS").write_text(owners)
    (step,) = [s for s in jobs("due")["list"]["steps"] if "issue" in s.get("name", "")]
    run = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{gh.parent}:{os.environ['PATH']}",
            "TITLE": step["env"]["TITLE"],
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return (tmp_path / "calls").read_text().splitlines()


def test_the_monthly_list_is_one_issue_made_once_and_then_kept(tmp_path: Path) -> None:
    title = "What wants a person's look again"
    due = "On 1 March 2027, 1 entry wants a look.\n\n- since 22 February 2027: a.toml:3: A.\n"
    nobody = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8")
    assert issue_step(tmp_path, due, [], nobody) == [
        f"issue create --title {title} --body-file body.md"
    ]
    body = (tmp_path / "body.md").read_text()
    assert due.strip() in body
    assert "Nobody is named in .github/CODEOWNERS yet." in body

    other = {"number": 3, "title": f"{title}: no"}
    kept = [other, {"number": 7, "title": title}]
    owners = "# a comment @nobody\n/content/ @readers/clinical @b\n/tools/ @b\n"
    assert issue_step(tmp_path, due, kept, owners) == ["issue edit 7 --body-file body.md"]
    assert (tmp_path / "body.md").read_text().endswith("For: @b @readers/clinical \n")

    nothing = "On 1 March 2027, nothing wants a look.\n"
    assert issue_step(tmp_path, nothing, [other], nobody) == []


def test_the_owners_are_written_as_github_reads_them_and_each_template_asks_something() -> None:
    owners = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8")
    for line in owners.splitlines():
        # A rule names people or teams; GitHub ignores a file with any other line.
        assert re.fullmatch(r"(#.*)?|\S+( +@[\w/-]+)+", line), line
    form = load(GITHUB / "ISSUE_TEMPLATE/wrong-number-or-claim.yml")
    assert "Nobody answers a crisis here." in form["body"][0]["attributes"]["value"]
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["validations"]["required"] for field in asked)
    template = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    kinds = sorted(path.name for path in (GITHUB / "PULL_REQUEST_TEMPLATE").glob("*.md"))
    assert sorted(re.findall(r"template=([\w-]+\.md)", template)) == kinds
    for name in kinds:
        assert "- [ ] " in (GITHUB / "PULL_REQUEST_TEMPLATE" / name).read_text(encoding="utf-8")


def test_dependabot_keeps_python_npm_and_the_actions() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {
        "uv",
        "pip",
        "npm",
        "github-actions",
    }
    for update in updates:
        for folder in update.get("directories", [update.get("directory")]):
            assert (ROOT / folder.strip("/")).is_dir()
        assert update["schedule"] == {"interval": "monthly"}
        assert update["cooldown"]["default-days"] >= 7
        assert update["groups"]
