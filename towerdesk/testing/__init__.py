"""A cast of named people, builders that use the real verbs, and fakes. Only tests import this room."""
