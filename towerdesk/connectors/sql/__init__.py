"""Databases that are read by questions written beforehand: parameters only, read-only, a time limit and a ceiling of rows."""
