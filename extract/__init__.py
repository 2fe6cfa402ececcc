"""Text in, typed values out: one folder for each stage, run in the order of ``extract.pipeline``."""
