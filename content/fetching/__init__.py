"""Pictures by URL: what may be asked, how it is asked, and how long an answer is kept."""
