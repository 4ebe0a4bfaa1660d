"""Messenger: talks with a Facebook page, and the comments on its posts (developers.facebook.com, Messenger Platform)."""
