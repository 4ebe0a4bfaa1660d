"""The customer's side: published articles, and the one-click answer to "did this solve it?"."""
