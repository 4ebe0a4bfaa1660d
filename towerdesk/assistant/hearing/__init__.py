"""Speech to text on this very machine: an extra behind a contract. Without one the desk says so and goes on."""
