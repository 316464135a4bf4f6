"""Ask GitHub, before anything is built, for which address to publish and whether to test.

`python -m tools.publish.github_pages` runs in a workflow, before libraries are installed. It writes
two outputs: `address`, empty where nothing is to be published, and `test`, "false" where nothing
but content differs from what is live.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

# The newest deployments of a repository's Pages, the last of them the newest.
DEPLOYMENTS = """\
query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
deployments(environments: ["github-pages"], last: 20) { nodes { commitOid latestStatus { state } } }
} }"""


def gh(*arguments: str) -> Any:  # noqa: ANN401
    """Return the JSON that GitHub's command line prints, or None for what does not exist (404)."""
    run = subprocess.run(["gh", "api", *arguments], capture_output=True, encoding="utf-8")
    if run.returncode:
        if "HTTP 404" in run.stderr:
            return None
        raise SystemExit(f"::error::GitHub did not answer: {run.stderr.strip()}")
    return json.loads(run.stdout)


def address(pages: dict[str, Any] | None, chosen: str) -> str:
    """Return the address to publish for, or "" if Pages is off.

    `pages` is what `GET /repos/{owner}/{repo}/pages` answers, and `chosen` the repository's own
    variable SITEURL. Raise SystemExit with what to set if readers could not reach the site.
    """
    if pages is None:
        print(
            "::notice::GitHub Pages is off here, so nothing is published. To publish, choose "
            "GitHub Actions as the source under Settings, Pages."
        )
        return ""
    if pages.get("build_type") != "workflow":
        raise SystemExit(
            "::error::GitHub Pages takes its files from a branch here. Choose GitHub Actions as "
            "the source under Settings, Pages; then run this again."
        )
    site = (chosen or pages["html_url"]).rstrip("/")
    if not site.startswith("https://"):
        state = (pages.get("https_certificate") or {}).get("state", "not asked for yet")
        raise SystemExit(
            f"::error::{site} has no https yet (its certificate: {state}). Wait until Settings, "
            'Pages lets you tick "Enforce HTTPS", tick it, and run this again.'
        )
    return site


def live_commit(owner: str, name: str) -> str:
    """Return the commit that was deployed last, or ""."""
    answer = gh(
        "graphql", "-f", f"query={DEPLOYMENTS}", "-f", f"owner={owner}", "-f", f"name={name}"
    )
    nodes = answer["data"]["repository"]["deployments"]["nodes"] if answer else []
    live = [n["commitOid"] for n in nodes if (n["latestStatus"] or {}).get("state") == "SUCCESS"]
    return live[-1] if live else ""


def content_alone(since: str) -> bool:
    """Return whether only content/ differs from a commit; False if git does not know it."""
    command = ["git", "diff", "--quiet", since, "HEAD", "--", ".", ":(exclude)content"]
    return bool(since) and subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def main() -> None:
    """Write the two outputs."""
    owner, _, name = os.environ["GITHUB_REPOSITORY"].partition("/")
    site = address(gh(f"repos/{owner}/{name}/pages"), os.environ.get("SITEURL", ""))
    tested = bool(site) and content_alone(live_commit(owner, name))
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as outputs:
        outputs.write(f"address={site}\ntest={'false' if tested else 'true'}\n")


if __name__ == "__main__":
    main()
