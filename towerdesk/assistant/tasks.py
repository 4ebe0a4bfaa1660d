"""The jobs of the assistant that nobody's ticket waits for."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from towerdesk.assistant.study import STUDY, study


@app.task(name=STUDY)
def learn_anew() -> None:
    close_old_connections()
    study()
