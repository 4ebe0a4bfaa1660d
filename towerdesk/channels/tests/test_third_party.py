"""A channel that another package brings along: the how-to, followed literally."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from towerdesk.channels import registry
from towerdesk.testing.stories import hooked

HOWTO = Path(__file__).parents[3] / "docs/howto/add-a-channel.md"
USE = """
import django; django.setup()
from towerdesk.channels.registry import channel, channels
from towerdesk.channels.doors import Hooked
speaks = channel("pager")
print(type(speaks).__module__, isinstance(speaks, Hooked), speaks.title, channels()["email"])
"""


def blocks() -> dict[str, str]:
    """The files that the page shows: a block of code whose first line names it."""
    return dict(re.findall(r"```\w+\n# (\S+)\n(.*?)```", HOWTO.read_text(), re.S))


def test_a_package_that_follows_the_howto_is_a_channel(tmp_path):
    wheel, site = tmp_path / "towerdesk_pager-1.0-py3-none-any.whl", tmp_path / "site"
    with zipfile.ZipFile(wheel, "w") as packed:
        for name, text in build(blocks()).items():
            packed.writestr(name, text)
    install = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)]  # what installing a pure wheel is
    subprocess.run(install, check=True)
    told = subprocess.run(
        [sys.executable, "-c", USE], capture_output=True, text=True, check=False, env=env(site), cwd=HOWTO.parents[2]
    )

    assert told.stdout.split("\n")[0] == (
        "towerdesk_pager.channel True Pager towerdesk.channels.email.channel:EmailChannel"
    ), told.stderr


def build(files: dict[str, str]) -> dict[str, str]:
    """As a build tool makes it of the page's `pyproject.toml`."""
    points = re.search(
        r'entry-points\."towerdesk\.channels"\]\n(.*?)\n(?:\n|\Z)', files.pop("pyproject.toml") + "\n\n", re.S
    )
    assert points
    info = "towerdesk_pager-1.0.dist-info"
    said = points[1].replace('"', "")
    return files | {
        "towerdesk_pager/__init__.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: towerdesk-pager\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
        f"{info}/entry_points.txt": f"[towerdesk.channels]\n{said}\n",
    }


def env(site: Path) -> dict[str, str]:
    path = os.pathsep.join([str(site), str(HOWTO.parents[2]), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}


def test_a_package_can_not_take_the_name_of_one_of_ours():
    assert registry.channels()["email"] == registry.CHANNELS["email"]
    assert "telegram" in hooked()
