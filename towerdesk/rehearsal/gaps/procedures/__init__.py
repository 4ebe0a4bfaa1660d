"""Changes of procedures, drafted from how people went on where a procedure stopped, or did without one."""
