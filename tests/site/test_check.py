"""What is published has no fault."""

from expected import Content

from tools.check.site import inspect


def test_the_content_has_no_fault(content: Content) -> None:
    documents, problems = inspect(content.root, content.settings)
    assert problems == []
    assert len(documents) >= len(content.texts)
