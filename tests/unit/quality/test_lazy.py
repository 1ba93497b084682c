"""The library costs seconds and a hundred megabytes: nobody has it who does not check."""

import subprocess
import sys

EVERYTHING = """
import importlib, pkgutil, sys
for name in ("quality", "tasks", "flows", "gateway", "deployments", "deployments.commands"):
    package = importlib.import_module(name)
    for module in pkgutil.iter_modules(package.__path__, f"{name}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print("great_expectations" in sys.modules)
"""
CHECKING = """
import os, sys
from quality.room import great_expectations
great_expectations()
print("great_expectations" in sys.modules, os.environ["GX_ANALYTICS_ENABLED"])
"""


def test_no_module_imports_the_library_by_being_imported() -> None:
    said = subprocess.run([sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=True).stdout

    assert said == "False\n"


def test_a_check_does_and_warns_of_nothing() -> None:
    command = [sys.executable, "-W", "error", "-c", CHECKING]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("True false\n", "")
