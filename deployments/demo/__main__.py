"""``python -m deployments.demo --district demo``: the other side of a running stack, without requests of its own."""

import argparse
import sys

from deployments.complaint import complaint
from deployments.demo.run import DISTRICT, accompany
from deployments.signals import run_until_ended
from ledger.settings import settings


def main() -> None:
    """Until Ctrl-C. Exits with 1 and one sentence for what a person can do something about."""
    parser = argparse.ArgumentParser(prog="python -m deployments.demo", description=__doc__)
    parser.add_argument("--district", default=DISTRICT, help="the district whose units are played")
    try:
        run_until_ended(accompany(settings(), parser.parse_args().district))
    except Exception as error:
        sentence = complaint(error)
        if sentence is None:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
