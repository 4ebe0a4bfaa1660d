"""Who is told of what, and how: at the desk, by mail, by webhook, in a daily digest; in peace, grouped, never twice.

A notification is one ticket's news for one reader. A post is one message that leaves, with everything that waits for it.
"""
