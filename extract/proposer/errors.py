"""What can be wrong with training data and models; ``kg`` turns it into one line for a user."""

from __future__ import annotations


class ModelError(ValueError):
    """Annotations that cannot be learnt from, or a folder that is not our model.

    Args:
        zh: the message in Chinese.
        en: the message in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
