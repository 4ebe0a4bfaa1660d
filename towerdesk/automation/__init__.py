"""What people decided beforehand: rules that answer events from outside, and macros. The assistant is a room of its own."""
