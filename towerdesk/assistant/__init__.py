"""The assistant: it reads a ticket, retrieves, proposes, checks, and acts only as far as its licences go.

`understand/`, `propose/`, `score` and `binomial` are plain functions over text, vectors and grades.
"""
