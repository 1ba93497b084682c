"""Who asks is in the vault and nowhere else: not in a file, a log, Prefect, a URL, a process's arguments. Once
forgotten, not there either.
"""

import base64
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from parties import Stack, Unit, running
from searching import found, found_in
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(900)]

NAME, FRIEND, PHONE, ID_CARD, PLATE = "欧阳静瑶", "张慕白", "13826173945", "440307199003077731", "粤B8K9D2"
ROOM, LANDLINE = "2单元1703", "0755-28461973"
SECRETS = [NAME, FRIEND, PHONE, ID_CARD, PLATE, ROOM, LANDLINE]
TOLD = f"我叫{NAME}，电话138-2617-3945，身份证{ID_CARD}，车{PLATE}，座机{LANDLINE}，代{FRIEND}反映，住荷花里3栋{ROOM}房"
WHOLE = 23
"""What the vault keeps whole: name, phone, friend, place, text, addressee, and 17 things that were said later."""
PLAIN = "坑梓街道金沙社区小区门口的垃圾堆了三天没人清运"
SAID = f"{NAME}女士（{PHONE}，{ID_CARD}，车牌{PLATE}）与{FRIEND}，{LANDLINE}，3栋{ROOM}"


def test_personal_data_is_in_the_vault_and_nowhere_else(tmp_path: Path) -> None:
    home, temporary = tmp_path / "data" / "home", tmp_path / "temporary"
    for folder in (home.parent, temporary):
        folder.mkdir()
    with running(home, TMPDIR=str(temporary)) as stack, watched(stack) as commands:
        case_no, receipt, links = _life(stack, tmp_path)
        assert stack.huiyin("verify")["ok"]
    assert found_in(tmp_path / "data", SECRETS) == []
    assert found_in(temporary, SECRETS) == []
    assert found(SECRETS, "\n".join(commands).encode()) == []
    assert found(SECRETS, "\n".join(_opened(url) for url in links).encode()) == []
    # The search looks at the right places: what is no secret is there.
    assert {Path(where.partition(": ")[0]).name for where, _ in found_in(home, [case_no])} >= {
        "ledger.db",
        "prefect.db",
        "gateway.log",
        "worker.log",
    }
    assert any("gateway" in command for command in commands)
    assert any("department" in command for command in commands)
    assert _kept(home, case_no) == {"vault": WHOLE, "vault_keys": 1}

    wrapped = _key(home, case_no)
    with running(home, TMPDIR=str(temporary)) as stack:
        done = stack.huiyin("forget", case_no)
        assert (done["forgotten"], done["scrubbed"]) == ([case_no], True)
        page = httpx.get(f"{stack.gateway}{urlsplit(receipt).path}")
        assert page.status_code == 200
        assert "个人信息已按规定清除" in page.text
        assert httpx.post(f"{stack.gateway}{urlsplit(links[-1]).path}").status_code == 409
        assert stack.case(case_no)["text"] == "诉求内容与个人信息已按规定清除"
        assert stack.huiyin("verify")["ok"]
    assert _kept(home, case_no) == {"vault": 0, "vault_keys": 0}
    assert found_in(home, [wrapped.decode(), PLAIN]) == []
    assert found_in(tmp_path / "data", SECRETS) == []


def _life(stack: Stack, folder: Path) -> tuple[str, str, list[str]]:
    """A case from receipt to closed, in whose every word there is somebody: its number, its receipt, its links."""
    stack.change_policy("pingshan", quiet_hours=None)
    with listening(stack, stack.huiyin("classify", "--district", "pingshan", "--text", PLAIN)["unit"]["code"]) as unit:
        contact = {"name": f"{NAME}（{ID_CARD}）", "phone": PHONE}
        place = {
            "place": f"坑梓街道金沙社区荷花里3栋{ROOM}房",
            "on_behalf_of": f"邻居{FRIEND}",
            "addressee": f"局长，回{PHONE}",
        }
        text = f"{PLAIN}。{TOLD}"
        receipt = stack.submit(district="pingshan", text=text, contact=contact, **place)
        case_no, page = receipt["case_no"], receipt["receipt_url"]
        order = unit.message("task.assigned", case_no)
        assert order["text"] == text  # the unit that must act has it whole
        assert NAME in httpx.post(order["contact_url"]).text
        _careless(stack, unit, order, folder)

        task = {"case_no": case_no, "task_id": order["task_id"]}
        unit.send("task.acknowledged", **task, handler="李工", feedback=f"请{SAID}接听").raise_for_status()
        unit.send("task.contacted", **task, note=f"已联系{SAID}", appointment=f"{PLATE}车旁").raise_for_status()
        unit.send("task.visited", **task, note=f"到{ROOM}见到{SAID}").raise_for_status()
        unit.send("task.first_round", **task, responsible_person=f"赵工（找{NAME}）", note=SAID).raise_for_status()
        unit.send("task.extension_requested", **task, reason=f"{SAID}不在家", days=1).raise_for_status()
        with stack.staff("dispatcher", "pingshan") as dispatcher:
            refusal = {"reason": f"{SAID}不同意"}
            dispatcher.post(f"/api/cases/{case_no}/refuse", json=refusal).raise_for_status()
        _complete(stack, unit, case_no, 1)
        said = {"solved": False, "satisfaction": 1, "comment": f"我是{SAID}，没解决"}
        httpx.post(f"{page}/evaluate", json=said).raise_for_status()
        _complete(stack, unit, case_no, 2)
        assert httpx.post(f"{page}/reopen", data={"reason": f"{SAID}再次反映"}).status_code == 303
        _complete(stack, unit, case_no, 3)
        said = {"solved": True, "satisfaction": 5, "comment": f"{SAID}谢谢"}
        httpx.post(f"{page}/evaluate", json=said).raise_for_status()
        stack.badge_becomes(case_no, "已结案")
        shown = httpx.get(page).text + json.dumps(stack.case(case_no), ensure_ascii=False)
        assert found(SECRETS, shown.encode()) == []
        assert "【姓名】女士（【手机号】，【身份证号】，车牌【车牌】）与【姓名】" in shown
        return case_no, page, [page, order["ack_url"], order["contact_url"]]


def _complete(stack: Stack, unit: Unit, case_no: str, n: int) -> None:
    task = {"case_no": case_no, "task_id": f"{case_no}-T{n}"}
    evidence = [f"https://example.org/{PHONE}.jpg"]
    unit.send("task.completed", **task, result=f"已告知{SAID}", evidence=evidence).raise_for_status()
    wait_for(lambda: "callback.asked" in stack.events(case_no)[-3:], "the citizen to be asked")


def _careless(stack: Stack, unit: Unit, order: dict[str, Any], folder: Path) -> None:
    """What is refused must not be written down either."""
    wrong = {"district": "pingshan", "text": "", "contact": {"name": NAME, "phone": f"{PHONE}、{ID_CARD}"}}
    assert httpx.post(f"{stack.gateway}/api/requests", json=wrong).status_code == 422
    task = {"case_no": order["case_no"], "task_id": order["task_id"]}
    assert unit.send("task.first_round", **task, note=SAID, responsible_person=SAID * 20).status_code == 422
    assert unit.send("task.resumed", **task, reason=SAID).status_code == 409
    assert unit.post(json.dumps({"type": SAID})).status_code == 422
    batch = folder / "batch.csv"
    batch.write_text(f"text,contact.phone\n,{PHONE}\n{SAID},{ID_CARD}身份证\n", encoding="utf-8")
    assert stack.huiyin("import", str(batch), "--district", "pingshan")["quarantined"] == 2
    batch.unlink()


@contextmanager
def listening(stack: Stack, code: str) -> Iterator[Unit]:
    """A unit that answers each message first with an error that repeats what it was sent."""
    unit, seen = Unit(stack, "pingshan", code), set[str]()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            again = self.headers["webhook-id"] in seen
            seen.add(self.headers["webhook-id"])
            self.send_response(204 if again else 500)
            self.send_header("content-length", "0" if again else str(len(body)))
            self.end_headers()
            if again:
                unit.received.append(json.loads(body))
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", unit.port), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    unit.connect()
    try:
        yield unit
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def watched(stack: Stack) -> Iterator[set[str]]:
    """The command lines and environments' names of every process that runs meanwhile and has this stack's home."""
    commands, over = set[str](), threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                commands.update(_command(process, str(stack.home).encode()))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield commands
    finally:
        over.set()
        watching.join()


def _command(process: Path, home: bytes) -> Iterator[str]:
    try:
        environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
    except OSError:  # it has ended, or is not ours to look at
        return
    if home in environment:
        yield command.replace(b"\0", b" ").decode("utf-8", "replace")
        yield environment.decode("utf-8", "replace")


def _opened(url: str) -> str:
    """A link with what can be read of its token."""
    token = url.split("/")[4].lstrip(".")
    parts = (part + "=" * (-len(part) % 4) for part in token.split("."))
    return url + "".join(base64.urlsafe_b64decode(part).decode("utf-8", "replace") for part in parts)


def _kept(home: Path, case_no: str) -> dict[str, int]:
    with sqlite3.connect(home / "ledger.db") as ledger:
        count = {
            table: ledger.execute(f"select count(*) from {table} where case_no = ?", [case_no]).fetchone()[0]
            for table in ("vault", "vault_keys")
        }
    ledger.close()
    return count


def _key(home: Path, case_no: str) -> bytes:
    with sqlite3.connect(home / "ledger.db") as ledger:
        (wrapped,) = ledger.execute("select wrapped from vault_keys where case_no = ?", [case_no]).fetchone()
    ledger.close()
    return bytes(wrapped)
