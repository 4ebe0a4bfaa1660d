"""What agents answer."""

import re

from towerdesk.cli.demo.colleagues import agent_for, agent_reply, ask_back, internal_note, resolution_note
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.traffic import Generator


def test_every_request_gets_a_reply_with_a_name_at_both_ends():
    for request in Generator(21).requests(500):
        agent = agent_for(request)
        text = agent_reply(request)
        assert request.person.first in text.split("\n")[0]
        assert agent.name.split()[0] in text.split("\n")[-1]
        assert len(text) > 80
        for said in (text, ask_back(request), internal_note(request), resolution_note(request)):
            assert not re.search(r"\{\w+\}", said), said


def test_the_agent_is_of_the_team_that_answers_such_things():
    for request in Generator(22).requests(200):
        assert company().intent(request.intent).team in agent_for(request).teams


def test_germans_are_answered_in_german():
    asked = [request for request in Generator(23).requests(400) if request.language == "de"]
    replies = [agent_reply(request, "Klara Vogt") for request in asked]
    assert replies
    assert all(re.match(r"Guten|Hallo", reply) and reply.endswith("Klara") for reply in replies)


def test_a_second_reply_does_not_say_sorry_again():
    angry = next(
        request for request in Generator(24).requests(400) if request.mood == "angry" and request.language == "en"
    )
    sorry = re.compile("I am sorry about this|sorry for the trouble|and I am sorry\\.")
    assert sorry.search(agent_reply(angry))
    assert agent_reply(angry, turn=1) != agent_reply(angry)


def test_a_number_in_a_reply_about_prices_stands_in_an_article():
    known = {price for article in company().articles for price in re.findall(r"€ (\d+\.\d\d)", article.body)}
    for request in Generator(25).requests(800):
        if not request.needs_person and request.language == "en":
            told = set(re.findall(r"€ (\d+\.\d\d)", agent_reply(request)))
            assert told <= known | {request.slots["amount"]}, agent_reply(request)


def test_strays_that_people_read_get_a_civil_answer():
    writer = Generator(26)
    assert "Ruth Castellan" in agent_reply(writer.stray(kind="legal_threat"))
    assert "your own words" in agent_reply(writer.stray(kind="injection"))
    assert "wish you luck" in agent_reply(writer.stray(kind="out_of_scope"))
