"""Telling the visible reply of a mail from quotes, forwarded text and signatures.

`words` holds the phrases of many languages; `lines` is what every step works on; `headers`, `quotes` and `signatures`
label those lines; `markup` makes the same lines out of HTML and cuts the HTML after them.
"""
