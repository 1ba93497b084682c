"""A handler with a phone finds the form on the page."""

from deployments.demo.page_form import PageForm, first_form

PAGE = """
<form method="post" action="/t/abc/acknowledge">
  <input type="hidden" name="once" value="w0rd"><input name="handler"><textarea name="feedback"></textarea>
</form>
<form method="post" action="/t/abc/completed"><input type="hidden" name="once" value="other"></form>
"""


def test_the_first_form_and_what_it_carries_unseen() -> None:
    assert first_form(PAGE) == PageForm("/t/abc/acknowledge", {"once": "w0rd"})


def test_a_page_without_a_form() -> None:
    assert first_form("<h1>已办结</h1>") is None
