"""Microsoft Teams: personal chats, group chats and threads, by the Bot Framework's activities. Knows nothing of tickets."""
