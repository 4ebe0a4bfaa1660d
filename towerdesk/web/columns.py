"""Rows of other tables as lists in columns of one: what a page needs from many tables comes by one question."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject

MOST = 100


def rows_of(query: "QuerySet[Any, Any]", **columns: str) -> ArraySubquery:
    """The rows of another query as a list of objects in one column; times in them are ISO 8601 words."""
    limit = MOST if query.query.high_mark is None else query.query.high_mark
    return ArraySubquery(query[:limit].values(row=JSONObject(**columns)))
