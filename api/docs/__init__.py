"""The page under /docs: the OpenAPI document made readable, with nothing fetched from elsewhere."""
