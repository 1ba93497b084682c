"""Which classifier a district uses now: its own model where it has one, else what the catalogue's texts teach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from learning.errors import ModelUnfit
from learning.model_file import About, load_model
from learning.shelf import Shelf, Stamp
from learning.trained import Judge, Trained


@dataclass(frozen=True, slots=True)
class InUse:
    """A classifier, and what its model says of itself; None of the catalogue's own."""

    judge: Judge
    about: About | None = None


@dataclass(slots=True)
class ModelsInUse:
    """Loaded once; a look at the pointer a request tells whether another model has taken its place.

    `catalogue` is the version in force, `own` fits the catalogue's classifier when it is first needed, and `told` hears
    why a model that the pointer names is not used.
    """

    folder: Path
    catalogue: str
    own: Callable[[], Judge]
    told: Callable[[str], None]
    _held: dict[str, tuple[Stamp | None, InUse]] = field(default_factory=dict)

    def shelf(self, district: str) -> Shelf:
        return Shelf(self.folder / district)

    def of(self, district: str) -> InUse:
        """The district's model in use, or the catalogue's own where it has none that fits."""
        stamp = self.shelf(district).stamp()
        held = self._held.get(district)
        if held is None or held[0] != stamp:
            held = stamp, self._load(district)
            self._held[district] = held
        return held[1]

    def _load(self, district: str) -> InUse:
        file = self.shelf(district).in_use()
        if file is not None:
            try:
                model, about = load_model(file, self.catalogue)
                return InUse(Trained(model), about)
            except (ModelUnfit, OSError) as error:
                self.told(f"{district} is classified by the catalogue's own texts: {error}")
        return InUse(self.own())
