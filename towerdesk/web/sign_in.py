"""Sign-in by django-allauth: users are made by administrators, who also set new passwords; nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: Any) -> bool:
        return False


def no_reset(request: HttpRequest) -> HttpResponse:
    """Says who can help; there is no way in by mail."""
    return render(request, "account/password_reset.html")
