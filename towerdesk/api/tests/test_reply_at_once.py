"""A program answers a ticket that somebody moves in the same moment."""

from threading import Thread

import pytest
from django.db import connection

from towerdesk.testing.waiting import until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ticket_that_goes_to_another_team_while_a_program_answers_is_answered(api, ticket, desk):
    answers = []

    def answer():
        try:
            answers.append(api.post(f"/tickets/{ticket.number}/reply", {"text": "Turn the ring"}))
        finally:
            connection.close()

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE tickets_ticket SET team_id = %s WHERE id = %s", [desk.billing.pk, ticket.pk])
            program = Thread(target=answer)
            program.start()
            until_somebody_waits("tickets_ticket")
            cursor.execute("COMMIT")
        program.join(60)
    finally:
        other.close()

    assert [answer.status_code for answer in answers] == [201], answers[0].content
