"""A client as people write it in an afternoon: it backs off from nothing and trusts every reply."""

import asyncio

import httpx

from contract_tests import Job, Outcome, OutcomeStatus


async def careless(job: Job) -> Outcome:
    """Order, wait, hand on the URLs; a 429 is tried again at once."""
    key = {"Authorization": f"Bearer {job.api_key}"}
    order = {"model": "gpt-4o-image", "prompt": job.prompt, "n": job.n}
    async with httpx.AsyncClient(headers=key, verify=False) as api:
        reply = await api.post(f"{job.base_url}/images/generations", json=order)
        while reply.status_code == 429:
            reply = await api.post(f"{job.base_url}/images/generations", json=order)
        task = reply.json()
        while task["status"] not in ("succeeded", "failed"):
            await asyncio.sleep(5)
            reply = await api.get(f"{job.base_url}/images/generations/{task['id']}")
            task = reply.json()
    urls = tuple(item["url"] for item in task["result"]["data"])
    return Outcome(OutcomeStatus.SUCCEEDED, task["id"], urls)


NOT_CALLABLE = "careless"
