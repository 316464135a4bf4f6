"""What stands in helplines.toml becomes links that call and write."""

from conftest import Built, text_of


def test_the_links_call_and_write_what_they_say(site: Built) -> None:
    page = site.page("get-help-now/index.html")
    links = {text_of(a).strip(): a.get("href") for a in page.iter("a")}
    assert links["Call 550 (Southland)"] == "tel:550"
    assert links["Call 555 0101"] == "tel:5550101"
    assert links["Call 5-5-0"] == "tel:550"
    assert links["Text 5550101"] == "sms:5550101"
    assert links["Text WALK to 55502"] == "sms:55502?body=WALK"
    assert links["Text 0155 01 04"] == "sms:+9991550104"
    assert links["Chat: chat.example.net/night"] == "https://chat.example.net/night/"
    assert links["E-mail listen@example.net"] == "mailto:listen@example.net"
    assert links["listeners.example.net"] == "https://www.listeners.example.net"
    assert links["Lines of the World: lines.example.net"] == "https://lines.example.net"
