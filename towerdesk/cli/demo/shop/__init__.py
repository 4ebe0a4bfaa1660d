"""The demo company's back office: a small real shop over HTTP, with a database and rules of its own."""
