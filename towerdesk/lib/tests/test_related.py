"""What points to a row is counted before it is taken away."""

from towerdesk.lib.related import pointing_to, told


def test_every_room_is_asked_in_one_query(desk, ticket, ana_user, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = pointing_to(desk.repairs)

    assert found == {"users": 1, "inboxes": 1, "tickets": 1}
    assert told({"users": 1, "tickets": 12}) == "1 user, 12 tickets"
    assert pointing_to(desk.billing) == {}
