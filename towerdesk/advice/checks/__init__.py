"""One small function per way in which a set-up fails. Each yields findings and asks the `Desk`, not the database."""
