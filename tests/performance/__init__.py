"""Speed and size, measured on a real desk: `make bench`. Nothing here passes or fails; it prints figures."""
