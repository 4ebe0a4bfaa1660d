"""The documents speak of what is there."""

import re

import pytest

from tests.house.tree import ROOT, name, named
from towerdesk.cli.registry import COMMANDS

PAGES = named(".md", under=ROOT / "docs") + [path for path in named(".md") if path.parent == ROOT]
CODE = re.compile(r"`([\w./<>{}*-]+/[\w./<>{}*-]*|[\w-]+\.(?:py|toml|md|css|js|html|cfg|lock))`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
PLACEHOLDER = re.compile(r"[<>{}*]|NNNN")
BEGINS = ("towerdesk/", "tests/", "docs/", "config/", "scripts/")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_mentions_only_files_that_exist(page):
    spoken = {
        word for word in CODE.findall(page.read_text()) if word.startswith(BEGINS) and not PLACEHOLDER.search(word)
    }

    assert [word for word in sorted(spoken) if not (ROOT / word).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_pages_links_lead_somewhere(page):
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_names_only_commands_that_exist(page):
    spoken = set(re.findall(r"^\s*(?:\$ )?(?:\.venv/bin/)?towerdesk ([a-z]+)\b", page.read_text(), re.M))

    assert spoken <= set(COMMANDS)
