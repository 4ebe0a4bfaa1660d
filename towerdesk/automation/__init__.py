"""What people decided beforehand: rules that answer events from outside, and macros that agents apply."""
