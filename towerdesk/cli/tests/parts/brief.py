"""Does its work and ends well."""

print("told the past", flush=True)
