"""Compile once what every process of the desk imports. Python does so at first import and keeps the result beside the
sources, but not where PYTHONDONTWRITEBYTECODE is set, as in many containers: there each start would cost seconds more.
"""

import compileall
import contextlib
import importlib
import os
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("towerdesk", "config")
STARTED = (
    "typer",
    "config.asgi",
    "config.urls",
    "uvicorn.server",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
)
LATER = ("onnxruntime", "tokenizers", "sklearn.linear_model", "sklearn.svm", "holidays", "lingua")


def main() -> None:
    for folder in OURS:
        compileall.compile_dir(ROOT / folder, quiet=2)
    if "packages" in sys.argv[1:]:
        sys.dont_write_bytecode = False
        warnings.simplefilter("ignore")  # the folder of an empty desk lacks this and that
        # what is wrong with the settings is said when the desk starts
        with tempfile.TemporaryDirectory() as data, contextlib.suppress(Exception):
            os.environ |= {"TOWERDESK_DATA": data, "DJANGO_SETTINGS_MODULE": "config.settings"}
            import_all()


def import_all() -> None:
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    MigrationLoader(None)
    for name in (*STARTED, *LATER):
        importlib.import_module(name)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
