"""What learning refuses; each says what to do."""


class LearningError(Exception):
    """A model cannot be learnt or used; says what to do."""


class TooLittle(LearningError):
    """There are not two labels with two different texts each: give more labelled texts."""

    def __init__(self) -> None:
        super().__init__("there are not two labels with two different texts each: give more labelled texts")


class ModelUnfit(LearningError):
    """A file cannot be used: it is no model, of another format, or learnt under another catalogue. Learn it anew."""
