"""Codes of the Messenger Platform, which Instagram shares (developers.facebook.com, Messenger Platform error codes)."""

WINDOW = "It is too late for this: the customer has to write again first"
UNREACHABLE = "They can't be written to now: they may have left, or want no messages from us"
FINAL = {
    551: UNREACHABLE,
    1545041: UNREACHABLE,
    2018001: "Meta knows nobody with this id at this page",
    2018027: "They do not take messages from us",
    2018047: "Meta could not take the file",
    2018065: WINDOW,
    2018109: "The file is too big",
    2018278: WINDOW,
    2018300: "They do not take messages from us",
    2018320: "The kind of file is not taken",
    2534022: WINDOW,
    2534037: WINDOW,
}
PATIENCE = {80001: 60.0, 80002: 60.0, 80006: 60.0}
BROKEN = (1200, 2534084)
