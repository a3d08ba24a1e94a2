"""Examples to train and to measure a judge with: how files write them, and what they come to. Knows no model."""
