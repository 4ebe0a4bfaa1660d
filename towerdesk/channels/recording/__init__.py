"""Recordings and transcripts of talks, from whatever program made them."""
