"""The first form of a page, as a person with a phone finds it: where it is sent, and what it carries unseen."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class PageForm:
    """A form's address, relative to the page's, and its hidden fields."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(named.get("action", "")))
        elif tag == "input" and self.forms and named.get("type") == "hidden":
            self.forms[-1].hidden[named.get("name", "")] = named.get("value", "")


def first_form(html: str) -> PageForm | None:
    """None for a page that has none: there is nothing to do on it."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms[0] if reader.forms else None
