"""The bodies of requests and answers, one file per noun: the one place of the HTTP face that pydantic checks."""
