"""The program of these tests, and a folder for what it uploads."""

import pytest

from towerdesk.api.tests.program import program


@pytest.fixture
def api(desk):
    return program("agent", desk.repairs)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Uploads of a test lie in its own folder."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
