"""MCP servers over streamable HTTP as a source of tools. They say what they can do; an administrator says what they may."""
