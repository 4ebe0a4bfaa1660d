"""The tools of this desk's connections, as a procedure names them."""

from dataclasses import replace

from towerdesk.assistant.procedures.tools import Tools
from towerdesk.connectors import registry


def desk_tools() -> Tools:
    """Also those that are switched off: a procedure may be written before its tools are let loose."""
    return {wired.name: replace(wired.spec, name=wired.name) for wired in registry.tools(usable=False)}
