import pytest

from towerdesk.channels.email.subjects import bare_subject, is_forward, is_reply


@pytest.mark.parametrize(
    "subject",
    ["Invoice", "Re: Invoice", "RE:Invoice", "AW: Re[2]: WG: Invoice", "Fwd: Fw: Invoice", "Antw: Invoice",
     "SV: VS: Invoice",     "RV: Invoice",
     "Odp: Invoice", "回复：Invoice", "Re (3): Invoice", "  re : Invoice", "TR: RE : Invoice", "Ynt: Invoice"],
)  # fmt: skip
def test_marks_are_taken_off(subject):
    assert bare_subject(subject) == "Invoice"


@pytest.mark.parametrize(
    "subject", ["Regarding: the invoice", "Area: Re", "Software: fails", "i: the number", "More: please", "Preview: it"]
)
def test_words_are_not_marks(subject):
    assert bare_subject(subject) == subject
    assert not is_reply(subject)
    assert not is_forward(subject)


def test_a_subject_of_marks_only_stays():
    assert bare_subject("Re:") == "Re:"
    assert bare_subject("") == ""


def test_the_newest_mark_decides():
    assert is_forward("Fwd: Re: Invoice")
    assert is_reply("Re: Fwd: Invoice")
