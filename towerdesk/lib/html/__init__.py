"""HTML that strangers wrote: made safe to show, or turned into text; and text turned into HTML."""

from towerdesk.lib.html.clean import remote_pictures, safe
from towerdesk.lib.html.links import from_text
from towerdesk.lib.html.text import to_text

__all__ = ["from_text", "remote_pictures", "safe", "to_text"]
