"""The plugins that Pelican loads: pelicanconf.py names them in PLUGINS, one file each."""

import tools  # noqa: F401 - lets Python keep compiled files, before any plugin is compiled
