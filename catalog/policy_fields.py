"""What the fields of a policy are called on the form that an administrator sees."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from catalog.marked import Loc
from catalog.policy import Policy


def field_name(loc: Loc) -> str:
    """``("clocks", "feedback", "a")`` as ``时限与逐级催办·签收并反馈·A 类时限``.

    A step that the form does not have stands as it is written; the place in a list counts from 1.
    """
    return "·".join(_titles(loc, Policy))


def _titles(loc: Loc, model: type[BaseModel] | None) -> Iterator[str]:
    if not loc:
        return
    step, *rest = loc
    field = model.model_fields.get(str(step)) if model else None
    if field is None:
        yield str(step + 1) if isinstance(step, int) else step
        yield from _titles(tuple(rest), model if isinstance(step, int) else None)
    else:
        yield field.title or str(step)
        yield from _titles(tuple(rest), _model_of(field.annotation))


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The part of the form behind a field, also where it is a list of such parts or may be left empty."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_of, get_args(annotation))), None)
