"""What a person is told of an error."""

from pathlib import Path

import httpx
import pytest
import typer
from asyncpg import InvalidPasswordError
from cryptography.fernet import InvalidToken
from sqlalchemy.exc import OperationalError

from catalog.districts import UnknownCode
from catalog.marked import Fault, LoadError
from deployments.complaint import complaint
from deployments.errors import CommandFailed
from learning.errors import ModelUnfit, TooLittle
from ledger.city import UnknownDistrict
from ledger.errors import KeyFileUnusable, NoSuchCase


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoSuchCase("SF1"), "SF1"),
        (UnknownDistrict("there is no district x"), "district x"),
        (UnknownCode("there is no unit x"), "unit x"),
        (CommandFailed("先做这个"), "先做这个"),
        (TooLittle(), "give more labelled texts"),
        (ModelUnfit("x.model is no model: run `huiyin train` again"), "x.model"),
        (OperationalError("select", {}, Exception("unable to open\ndatabase file")), "unable to open database file"),
        (InvalidToken(), "密钥文件"),
        (KeyFileUnusable("home.key is not a key file"), "home.key"),
        (InvalidPasswordError("password authentication failed"), "password authentication failed"),
        (httpx.ConnectError(""), "ConnectError"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (FileNotFoundError(2, "No such file", "rows.csv"), "找不到 rows.csv：请检查路径"),
        (IsADirectoryError(21, "Is a directory", "rows"), "rows 是文件夹"),
        (PermissionError(13, "Permission denied", "rows.csv"), "没有读写 rows.csv 的权限"),
        (OSError(28, "No space left on device", "rows.csv"), "No space left"),
        (typer.BadParameter("no"), "--help"),
        (typer.Abort(), "取消"),
    ],
)
def test_expected_errors_are_one_line(error: Exception, told: str) -> None:
    sentence = complaint(error)
    assert sentence is not None
    assert told in sentence
    assert "\n" not in sentence


def test_each_fault_of_a_file_has_a_line() -> None:
    faults = tuple(Fault(Path("demo.yaml"), line, "units", "wrong") for line in (3, 7))
    sentence = complaint(LoadError(faults))
    assert sentence is not None
    assert [line.partition("demo.yaml:")[2][:1] for line in sentence.splitlines()] == ["3", "7"]


def test_the_last_lines_of_a_log_follow_as_they_are() -> None:
    assert complaint(CommandFailed("没有启动", ["a", "  b"])) == "错误：没有启动\na\n  b"


def test_a_defect_of_ours_is_not_explained_away() -> None:
    assert complaint(KeyError("x")) is None
