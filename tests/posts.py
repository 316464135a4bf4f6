"""A project with as many posts as one wants, the same bytes every time."""

import random
import re
from datetime import date, timedelta
from pathlib import Path


def multiply(project: Path, count: int) -> Path:
    """Bring a project to `count` posts; return it.

    The further posts are made of the parts' own headers, sentences, headings and cited notes, in
    another order, one post for each day before the newest part. No two of them are alike.
    """
    posts = project / "content/posts"
    parts = sorted(posts.glob("[1-9]*-*.md"))
    for number in range(count - len(list(posts.iterdir()))):
        part = parts[number % len(parts)]
        name = f"{part.stem.partition('-')[2]}-{number}.md"
        text = variation(part.read_text(encoding="utf-8"), number)
        (posts / name).write_text(text, encoding="utf-8", newline="\n")
    return project


def variation(post: str, number: int) -> str:
    """Return a post made of another's words in another order, named and dated by `number`."""
    chance = random.Random(number)
    header, words, *notes = post.strip().split("\n\n")
    newest = date.fromisoformat(re.search(r"(?m)^Date: (.*)", header)[1])
    header = re.sub(r"(?m)^Title: .*", rf"\g<0>, {number}", header)
    header = re.sub(r"(?m)^Date: .*", f"Date: {newest - timedelta(days=number + 1)}", header)
    header = re.sub(r"(?m)^Modified: .*\n", "", header)
    sentences = words.split(". ")
    blocks = [re.split(r"\n(?=- )", block) for block in notes]
    for lines in [sentences, *blocks]:
        chance.shuffle(lines)
    return (
        "\n\n".join([header, ". ".join(sentences), *("\n".join(lines) for lines in blocks)]) + "\n"
    )
