"""A model's file: a zip of plain arrays and a JSON header (.npz). Nothing in it is code, so reading it runs none."""

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from learning.beta import Beta
from learning.blocks import Block, Blocks
from learning.errors import ModelUnfit
from learning.linear import LinearModel

FORMAT = 1
KIND = "huiyin-model"


@dataclass(frozen=True, slots=True)
class About:
    """What a model says of itself.

    `texts`: how many it has learnt from, `own` of them the district's. The scores are on texts that were left out,
    `judged` many. `threshold` is the confidence from which 95 % of them were right. `learnt` are keyed digests of the
    district's own texts, so that nobody judges the model by what it has seen.
    """

    catalogue: str
    learnt_at: str
    texts: int
    own: int
    judged: int
    accuracy: float
    macro_f1: float
    ece: float
    threshold: float
    learnt: tuple[str, ...] = ()
    library: str = field(default=f"scikit-learn {sklearn.__version__}")


def save_model(path: Path, model: LinearModel, about: About) -> None:
    """Write to a file beside it and put that in its place, so that no reader ever sees half a model."""
    blocks = model.blocks
    shapes = [{"field": each.field, "order": each.order, "weight": each.weight} for each in blocks.blocks]
    header = {
        "kind": KIND,
        "format": FORMAT,
        "about": asdict(about),
        "labels": model.labels,
        "beta": asdict(model.beta),
        "fields": blocks.fields,
        "blocks": shapes,
    }
    arrays = {"header": _bytes(json.dumps(header, ensure_ascii=False))}
    arrays |= {"weights": model.weights.astype(np.float16), "bias": model.bias}
    for n, block in enumerate(blocks.blocks):
        arrays |= {f"grams{n}": _bytes("\n".join(block.grams)), f"idf{n}": block.idf}
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load_model(path: Path, catalogue: str | None = None) -> tuple[LinearModel, About]:
    """The model and what it says of itself. Raises `ModelUnfit`, `OSError`; `catalogue`: the version it must be of."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            header = json.loads(_text(file["header"]))
            if header.get("kind") != KIND or header.get("format") != FORMAT:
                raise ModelUnfit(f"{path.name} is of another format than {FORMAT}: run `huiyin train` again")
            about = About(**{**header["about"], "learnt": tuple(header["about"]["learnt"])})
            if catalogue is not None and about.catalogue != catalogue:
                raise ModelUnfit(
                    f"{path.name} was learnt under catalogue {about.catalogue}, and {catalogue} is in force:"
                    " run `huiyin train` again"
                )
            return _model(header, file), about
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise ModelUnfit(f"{path.name} is no model or is damaged: run `huiyin train` again") from error


def _model(header: Mapping[str, Any], file: Mapping[str, Any]) -> LinearModel:
    blocks = tuple(
        Block(**shape, grams=tuple(_text(file[f"grams{n}"]).split("\n")), idf=file[f"idf{n}"])
        for n, shape in enumerate(header["blocks"])
    )
    labels, weights, bias = tuple(header["labels"]), file["weights"].astype(np.float32), file["bias"]
    known = Blocks(blocks, header["fields"])
    if weights.shape != (len(known.names), len(labels)) or bias.shape != (len(labels),):
        raise ValueError("the weights are not those of the grams and labels")
    if any(block.field not in range(known.fields) for block in blocks):
        raise ValueError("there is a block of a field that no text has")
    return LinearModel(labels, known, weights, bias, Beta(**header["beta"]))


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(stored: Any) -> str:
    return bytes(stored).decode()
