"""What a run found out, for people to look at: tables, pictures and the page in docs/. Measures nothing."""
