"""Twilio's signature, by the example of its documentation and by those of its own library's tests."""

import pytest

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Forged
from towerdesk.channels.twilio.fake import TOKEN, post
from towerdesk.channels.twilio.signature import check, signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]


def test_the_example_that_twilio_publishes():
    assert signature(URL, FIELDS, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("url", "fields", "made"),
    [
        ("https://desk.example/hooks/K", [("Body", "Grüße 👋 +&="), ("From", "+49301234567"), ("NumMedia", "0")],
         "LIsrIn4VPyDN771rdYhJ3XAcV5E="),
        ("https://desk.example/hooks/K?part=1", [("b", "2"), ("a", ""), ("b", "1"), ("b", "2")], "BtTqryW8Ewj2qWJLEXB8zseqPTY="),
        ("https://desk.example:8443/hooks/K", [], "tckJdegmiVDVbGOXDUiVvOVHXUc="),
    ],
)  # fmt: skip
def test_what_twilios_own_library_signs(url, fields, made):
    """Made with `twilio.request_validator.RequestValidator` of twilio 9.13.0."""
    assert signature(url, fields, TOKEN) == made


def called(url=URL, method="POST", header=None, token=TOKEN):
    body, headers = post(url, Body="It drips", From="+1")
    given = headers["X-Twilio-Signature"] if header is None else header
    check(Call(method, url, {}, {"x-twilio-signature": given}, body), Account(1, "", values={"token": token}))


def test_a_call_of_twilios_is_let_in():
    called()


@pytest.mark.parametrize(
    "odd", [{"header": ""}, {"header": "AAAA"}, {"header": "é"}, {"token": "another"}, {"token": ""}, {"method": "GET"}]
)
def test_others_are_not(odd):
    with pytest.raises(Forged):
        called(**odd)
