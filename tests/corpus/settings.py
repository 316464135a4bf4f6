# What the corpus changes of pelicanconf.py: whose article it is, and lists short enough to go on.
SITENAME = "Walking in the Morning"
SITESUBTITLE = "One guide’s article, with what supports each claim and what limits it beside it"
PART_CARD = "One guide’s view, and what limits it"
SERIES_AUTHOR = "A walking guide"
ARTICLE_LANG = "en-IE"
BYLINE = "By a walking guide, who gives no name."
DISCLAIMER = ("This is one guide’s view.", "Ask somebody who knows the way.")
REASSURANCE = "You do not need to walk to ask for help today."
PART_NAMES = {"Benefits": "Gift"}
WHAT_NEXT = ["questions-before-a-walk", "get-help-now"]
SCHEMA_AUTHOR = {"@type": "Person", "jobTitle": "Walking guide"}
SCHEMA_ABOUT = [{"@type": "ExerciseAction", "name": "Walking"}]
DEFAULT_PAGINATION = 4
