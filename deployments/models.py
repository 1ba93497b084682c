"""What a command classifies a district's requests by."""

from functools import partial

import typer

from deployments.office import Office
from learning.classifier import Classifier
from learning.in_use import ModelsInUse


def models_of(office: Office) -> ModelsInUse:
    """The models in use in the office's home; one that cannot be used is told of on standard error."""
    catalogue = office.city.catalogue
    own = partial(Classifier.from_catalogue, catalogue)
    return ModelsInUse(office.settings.models_folder, catalogue.version, own, partial(typer.echo, err=True))
