"""A value never becomes anything but a value."""

import pytest

from towerdesk.connectors.calling import must_be_allowed
from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.http.description import from_yaml
from towerdesk.connectors.http.templates import body, path, query
from towerdesk.lib.errors import Invalid


@pytest.mark.parametrize(
    ("value", "path_"),
    [
        ("B-1", "/orders/B-1/x"), ("a/b", "/orders/a%2Fb/x"), ("a?b#c", "/orders/a%3Fb%23c/x"),
        ("../admin", "/orders/..%2Fadmin/x"), ("ä {b}", "/orders/%C3%A4%20%7Bb%7D/x"), ("%2e%2e", "/orders/%252e%252e/x"),
    ],
)  # fmt: skip
def test_in_an_address_it_is_one_part(value, path_):
    assert path("/orders/{order}/x", {"order": value}) == path_


@pytest.mark.parametrize("value", [".", ".."])
def test_no_value_climbs(value):
    with pytest.raises(ValueError, match="address"):
        path("/orders/{order}/x", {"order": value})


def test_what_was_not_given_is_left_out():
    assert query({"a": "{a}", "b": "x{b}", "c": "1&2"}, {"a": "&=é"}) == "a=%26%3D%C3%A9&c=1%262"
    template = {"amount": "{amount}", "note": "For {who}", "deep": {"n": ["{n}", "{gone}"], "gone": "{gone}"}}
    assert body(template, {"amount": 5, "who": '"}', "n": True}) == {
        "amount": 5,
        "note": 'For "}',
        "deep": {"n": [True]},
    }


ALLOWED = ["api.example.com", "10.0.0.5:8080"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a", "http://api.example.com/a", "https://api.example.com@evil.example/", "https://10.0.0.5/",
        "http://10.0.0.5:8080/", "https://api.example.com.evil.example/", "file:///etc/passwd", "https://[::1/",
        "https://user:secret@api.example.com/", "gopher://api.example.com/", "https:///a",
    ],
)  # fmt: skip
def test_only_the_hosts_of_the_connection_are_called(settings, url):
    settings.CONNECTOR_HOSTS = []
    with pytest.raises(NotDone):
        must_be_allowed(url, Account(hosts=ALLOWED))


def test_a_private_host_needs_two_words(settings):
    settings.CONNECTOR_HOSTS = ["10.0.0.5:8080", "metadata.internal"]

    assert must_be_allowed("http://10.0.0.5:8080/a", Account(hosts=ALLOWED)) == ["10.0.0.5"]
    assert must_be_allowed("https://api.example.com/a", Account(hosts=ALLOWED)) == []
    with pytest.raises(NotDone):
        must_be_allowed("http://metadata.internal/", Account(hosts=ALLOWED))


TOOL = "{name: t, title: T, effect: outside, path: '/{a}', arguments: {a: {}}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("base: ftp://a.example", "base"),
        ("base: https://u:p@a.example", "base"),
        (f"base: https://a.example\ntools: [{TOOL}, extra: 1}}]", "extra"),
        (f"base: https://a.example\ntools: [{TOOL}}}, {TOOL}}}]", "same name"),
        (f"base: https://a.example\ntools: [{TOOL}, body: {{x: '{{b}}'}}}}]", "no argument b"),
        (f"base: https://a.example\ntools: [{TOOL}, undo: {{tool: u, arguments: {{}}}}}}]", "no tool u"),
        (
            f"base: https://a.example\ntools: [{TOOL}, read_back: {{tool: t, arguments: {{}}}}}}]",
            "no tool t that reads",
        ),
        (f"base: https://a.example\ntools: [{TOOL}, person: result.x}}]", "must say whose data"),
        ("a: [", "no YAML"),
    ],
)
def test_a_description_with_a_fault_says_where(text, why):
    with pytest.raises(Invalid, match=why):
        from_yaml(text)
