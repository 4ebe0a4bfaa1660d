"""The roll-out in three phases: what each is for, whether it has come about, and what stands in the way of the next."""
