"""The one vocabulary of actions: rules, macros, the assistant and the API all say and do the same words."""
