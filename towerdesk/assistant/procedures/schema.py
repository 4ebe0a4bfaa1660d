"""The published schema of the format, kept as docs/reference/procedure.schema.json.

`python -m towerdesk.assistant.procedures.schema` writes it.
"""

import json
import sys

from pydantic.json_schema import models_json_schema

from towerdesk.assistant.procedures.compile import Front
from towerdesk.assistant.procedures.model import Procedure


def schema() -> str:
    """JSON Schema 2020-12: `$defs/Front` is the head of the page, `$defs/Procedure` the graph that it compiles to."""
    _, made = models_json_schema(
        [(Front, "validation"), (Procedure, "validation")],
        title="Towerdesk procedures",
        description="The head of a procedure's page (Front) and the graph that the page compiles to (Procedure).",
    )
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "$ref": "#/$defs/Procedure"}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
