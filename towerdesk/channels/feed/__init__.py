"""Public comments and reviews, by any feed: RSS and Atom, or JSON that a form describes."""
