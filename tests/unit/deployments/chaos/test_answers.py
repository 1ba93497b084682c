"""What the gateway confirmed is remembered; what it did not is not."""

import httpx

from deployments.chaos.answers import Answers


def gateway(request: httpx.Request) -> httpx.Response:
    match request.method, request.url.path, request.headers.get("webhook-id", ""):
        case "POST", "/api/requests", _:
            return httpx.Response(201, json={"case_no": f"SF{request.url.params['n']}", "receipt_url": "…"})
        case "POST", "/webhooks/demo/police", "again":
            return httpx.Response(200, json={"status": "duplicate"})
        case "POST", "/webhooks/demo/police", "late":
            return httpx.Response(409, json={"error": "…"})
        case "POST", "/webhooks/demo/police", "busy":
            return httpx.Response(503)
        case "POST", "/webhooks/demo/police", _:
            return httpx.Response(200, json={"status": "accepted"})
        case _:
            return httpx.Response(200, json={"case_no": "not a receipt", "status": "accepted"})


async def test_receipts_and_acts_are_counted() -> None:
    answers = Answers()
    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway), base_url="http://gateway") as client:
        answers.listen(client)
        for n in (1, 2, 2):
            await client.post("/api/requests", params={"n": n})
        await client.get("/api/requests")
        for delivery in ("first", "second", "again", "late", "busy"):
            await client.post("/webhooks/demo/police", headers={"webhook-id": delivery})
        assert (await client.post("/c/token/evaluate")).json()["status"] == "accepted"  # others read it all the same
    assert answers.confirmed == {"SF1", "SF2"}
    assert answers.acts == {"accepted": 2, "duplicate": 1, "refused": 1}
    assert answers.taken == {"first", "second", "again"}
