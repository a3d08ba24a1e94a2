"""The routes, one file per noun. A handler turns a body into one call of the service, and its answer into a body."""
