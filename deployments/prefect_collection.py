"""The collection Prefect loads by entry point: importing it registers the worker type `huiyin-resident`."""

from deployments.resident_worker import ResidentWorker

__all__ = ["ResidentWorker"]
