"""Static files with hashed names. `desk.css` names its parts by @import; collected, it holds them: one request."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

BUNDLE = "web/desk.css"
IMPORT = re.compile(r'^@import "(css/[\w.-]+)";\n', re.MULTILINE)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Before anything is collected (tests, a fresh tree) files answer to their plain names."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        stored: str = super().stored_name(name)
        return stored

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if BUNDLE in paths and not dry_run:
            self._write_bundle()
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _write_bundle(self) -> None:
        with self.open(BUNDLE) as file:
            whole = IMPORT.sub(lambda match: _text_of(f"web/{match[1]}"), file.read().decode())
        self.delete(BUNDLE)
        self.save(BUNDLE, ContentFile(whole.encode()))


def _text_of(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(f"{BUNDLE} names {name}, which is not there")
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()
