"""Speed of the main job on one page, measured where it runs: ``python -m benchmarks``."""
