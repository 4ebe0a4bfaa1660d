"""What the desk knows: collections of articles with versions, cut into chunks, indexed and searched.

`chunk`, `bm25` and `rank` are plain functions over text and vectors; publishing and storing lie beside them.
"""
