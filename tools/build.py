"""Run Pelican once."""

from pathlib import Path

from tools.project import describe_error, read_settings


def build(root: Path, settings_file: str, output: Path) -> None:
    """Build the site with one of the settings files into a folder.

    Raise SystemExit with every problem, a line each. Pelican runs in this process, since another
    one would have to load every library again.
    """
    read_settings(root, settings_file)  # raises SystemExit for errors in it
    # Imported here, since it takes half a second and few commands need it.
    from pelican import Pelican
    from pelican.log import init as init_logging
    from pelican.settings import read_settings as read_for_pelican

    init_logging(fatal="errors")
    try:
        settings = read_for_pelican(
            str(root / settings_file), override={"OUTPUT_PATH": str(output)}
        )
        Pelican(settings).run()
    except Exception as error:
        raise SystemExit(describe_error(error, root)) from error
