"""The chat on the company's own site: no provider stands between us and the visitor."""
