"""The agents' desk: pages drawn on the server, live by server-sent events, complete before any script has loaded."""
