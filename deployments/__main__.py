"""`python -m deployments` is `huiyin`."""

from deployments.cli import main

main()
