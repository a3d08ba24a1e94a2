"""The data sets of MRB's nine task types, in the layouts in which they are published. Knows no models."""
