"""Systems that speak HTTP and JSON, described as data: what is called, with what, and what an answer means."""
