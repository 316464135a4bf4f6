"""The promises of the site, a file each; pelicanconf.py names those that Pelican loads."""
