"""Telegram: a bot's conversations as tickets, by the Bot API (https://core.telegram.org/bots/api)."""
