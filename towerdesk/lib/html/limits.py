"""What the readers of HTML share."""

MAX_INPUT = 1_000_000  # characters read; a newsletter has some 100,000
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)  # elements without an end tag
