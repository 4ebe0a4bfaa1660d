"""A description that a person typed in as YAML, held to what its kind of system needs."""

import yaml
from pydantic import BaseModel, ValidationError

from towerdesk.lib.errors import Invalid


def written[M: BaseModel](model: type[M], text: str) -> M:
    """Raises `Invalid` that says where the fault is."""
    try:
        return model.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        raise Invalid(f"This is no YAML: {' '.join(str(error).split())[:200]}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = " → ".join(str(part) for part in first["loc"])
        raise Invalid(f"The description can't be used. {where}: {first['msg'].removeprefix('Value error, ')}") from None
