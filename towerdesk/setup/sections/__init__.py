"""One file for each kind of thing that is set up."""
