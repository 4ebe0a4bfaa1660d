"""People who chat with us on the company's own site: who is there just now, and what each of them may read.

A chat is a ticket like any other; what is written goes through `intake` and `delivery`. Here is what only a chat has:
visitors, presence, the queue, leaving and coming back, the transcript.
"""
