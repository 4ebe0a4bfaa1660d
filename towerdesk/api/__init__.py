"""The doors for programs: REST under `/api/v1`, a key in every request, each error one sentence as problem+json."""
