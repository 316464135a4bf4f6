"""Run Pelican once."""

from pathlib import Path
from typing import Any

from tools.check.settings import plugin_problems
from tools.content.problem import report
from tools.project import describe_error, read_settings


def build(root: Path, settings_file: str, output: Path) -> dict[str, Any]:
    """Build the site with one of the settings files into a folder, and return these settings.

    Raise SystemExit with every problem, a line each. Pelican runs in this process, since another
    one would have to load every library again.
    """
    settings = read_settings(root, settings_file)  # raises SystemExit for errors in it
    # Pelican prints much about a plugin that it cannot find.
    if missing := list(plugin_problems(settings, root)):
        raise SystemExit(report(missing))
    # Imported here, since it takes half a second and few commands need it.
    from pelican import Pelican
    from pelican.log import init as init_logging
    from pelican.settings import read_settings as read_for_pelican

    init_logging(fatal="errors")
    try:
        override = {"OUTPUT_PATH": str(output)}
        Pelican(read_for_pelican(str(root / settings_file), override=override)).run()
    except Exception as error:
        raise SystemExit(describe_error(error, root)) from error
    return settings
