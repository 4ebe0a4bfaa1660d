"""Who works here: users, teams, roles and what each role may do, API keys, sign-in."""
