"""Fine-tuning: from a file of examples and a checkpoint to an adapter, or to a checkpoint of its own."""
