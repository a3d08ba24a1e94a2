"""Ranking quality, calibration and silence of any run, on any data. Knows no models and not the demo."""
