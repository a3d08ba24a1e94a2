"""The shapes of other servers, one file per dialect: each turns a body into a call of the service, and back."""
