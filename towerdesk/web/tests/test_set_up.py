"""The set-up as a file, through the screen."""

from django.core.files.uploadedfile import SimpleUploadedFile

from towerdesk.accounts.models import Team
from towerdesk.lib.actor import CLOCK
from towerdesk.setup.export import export_text


def file(text):
    return SimpleUploadedFile("desk.yaml", text.encode(), "application/yaml")


def test_a_file_is_looked_at_and_then_put_in(admins_web):
    text = export_text(by=CLOCK).replace("name: Billing", "name: Invoices")

    page = admins_web.post("/settings/config/look", {"file": file(text)})

    assert "~ teams billing: name “Billing” → “Invoices”" in page.content.decode()
    assert Team.objects.filter(name="Billing").exists()

    form = {"text": text, "seen": page.context["diff"].digest}
    assert admins_web.post("/settings/config/apply", form).status_code == 302
    assert Team.objects.filter(name="Invoices").exists()


def test_what_changed_since_is_looked_at_again(admins_web):
    text = export_text(by=CLOCK).replace("name: Billing", "name: Invoices")
    Team.objects.filter(name="Billing").update(name="Bills")

    answer = admins_web.post("/settings/config/apply", {"text": text, "seen": "another"})

    assert answer.status_code == 409
    assert "look at the differences again" in answer.content.decode()


def test_a_mistake_is_a_sentence_with_its_place(admins_web):
    answer = admins_web.post("/settings/config/look", {"file": file("teams:\n  - slug: a\n")})

    assert answer.status_code == 422
    assert "desk.yaml, line 2 (a): “name” is missing: add it." in answer.content.decode()


def test_the_download_is_what_the_command_writes(admins_web):
    assert admins_web.get("/settings/config.yaml").content.decode() == export_text(by=CLOCK)


def test_an_agent_is_not_let_near_it(bens_web):
    assert bens_web.get("/settings/config").status_code == 403
    assert bens_web.get("/settings/config.yaml").status_code == 403
