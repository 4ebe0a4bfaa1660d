"""Articles come in from a folder."""

import pytest

from towerdesk.cli.kb import bring_in
from towerdesk.knowledge.models import Article, Version
from towerdesk.lib.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db


def imported(folder, **more):
    bring_in(folder, **({"audience": "public", "language": "en", "draft": False} | more))


def test_a_folder_becomes_articles_and_coming_again_changes_nothing(tmp_path, capsys):
    (tmp_path / "return_an_item.md").write_text("# Return an item\n\nYou have 30 days.")
    (tmp_path / "plain.md").write_text("---\ntitle: Plain\n---\nNothing but text.")

    imported(tmp_path)
    imported(tmp_path)

    assert sorted(Article.objects.values_list("slug", "title", "status")) == [
        ("plain", "Plain", "published"),
        ("return-an-item", "Return an item", "published"),
    ]
    assert Version.objects.count() == 2
    assert capsys.readouterr().out.splitlines() == [
        "2 files: 2 new, 0 changed, 0 as before.",
        "2 files: 0 new, 0 changed, 2 as before.",
    ]


def test_a_changed_file_is_a_new_version(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\nOne.")
    imported(tmp_path)
    (tmp_path / "a.md").write_text("# A\n\nTwo.")
    imported(tmp_path)

    assert Article.objects.get().current.text == "# A\n\nTwo."


def test_an_empty_folder_and_an_unreadable_file_are_one_sentence_each(tmp_path):
    with pytest.raises(NotFound, match="no Markdown file"):
        imported(tmp_path)
    (tmp_path / "x.md").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(Invalid, match="UTF-8"):
        imported(tmp_path)
