# What the corpus changes of pelicanconf.py: whose article it is, and lists short enough to go on.
SITENAME = "Walking in the Morning"
SITESUBTITLE = "One guide’s article, with what supports each claim and what limits it beside it"
SHORT_NAME = "Walking"
SERIES_AUTHOR = "A walking guide"
DEFAULT_PAGINATION = 4
