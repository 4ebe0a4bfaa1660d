"""Propose a reply that rests on articles, sentence by sentence; what rests on nothing is cut."""

from towerdesk.assistant.propose.proposal import Proposal, propose

__all__ = ["Proposal", "propose"]
