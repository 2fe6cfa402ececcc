"""Measurements of speed and quality. ``python -m benchmarks`` measures the speed of the main job on one page."""
