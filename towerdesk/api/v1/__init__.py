"""The first version of the REST API, put together. `urls` is mounted by `config.urls`."""

from towerdesk.api.v1.build import api, urls

__all__ = ["api", "urls"]
