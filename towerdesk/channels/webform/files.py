"""Files that strangers send: how they are called and typed here, and which are not taken at all."""

from towerdesk.lib.text import one_line, storable

PLAIN = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
}
"""Types that a name may claim. Whatever else it is lies here as bytes without a meaning, and is only ever downloaded."""
PROGRAMS = frozenset(
    "app apk bat bin cmd com cpl dll dmg exe hta iso jar js jse lnk mjs msi msp ps1 py reg scr sh svg vbe vbs wsf wsh "
    "htm html xhtml xht shtml mht mhtml docm xlsm pptm".split()
)
"""What does something when it is opened: nobody who needs help has to send it."""


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower().strip() if "." in name else ""


def is_program(name: str, head: bytes) -> bool:
    """By any of its endings (`photo.png.exe`), or by what a program's file begins with."""
    endings = {part.strip().lower() for part in name.split(".")[1:]}
    return bool(endings & PROGRAMS) or head[:2] in (b"MZ", b"#!") or head[:4] == b"\x7fELF"


def tidy(name: str) -> tuple[str, str]:
    """The name without any folder, and the type that we give it; what the browser claims is not asked."""
    plain = one_line(storable(name.replace("\\", "/").rpartition("/")[2]), 120).strip(". ") or "file"
    return plain, PLAIN.get(ending(plain), "application/octet-stream")
