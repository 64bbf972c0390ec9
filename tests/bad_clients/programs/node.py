"""Wrong clients in Node: lines of the good one, and what stands in their place."""

from tests.bad_clients.bad_client import NODE, BadClient

WRONG: tuple[BadClient, ...] = (
    NODE.changed(
        "node-no-content-type",
        "json-content-type",
        "fetch labels a text as text/plain, and nobody looked at the header.",
        (', "Content-Type": "application/json" }', " }"),
        stories="lives/usual",
    ),
    NODE.changed(
        "node-undefined-size",
        "no-nulls",
        "An object literal with all the fields is shorter than three ifs.",
        (
            "  if (job.size !== null) body.size = job.size;\n",
            "  body.size = job.size;\n  body.metadata = null;\n",
        ),
        stories="lives/usual",
        valid_request="null is no text",
    ),
    NODE.changed(
        "node-key-to-files",
        "key-stays-home",
        "One wrapper around fetch adds the key to every call.",
        (
            "await call(url, {}, 60)",
            "await call(url, { headers: { Authorization: `Bearer ${key}` } }, 60)",
        ),
        stories="hosts/results-elsewhere",
    ),
    NODE.changed(
        "node-key-logged",
        "key-not-printed",
        "The options of a failing call are logged, headers and all.",
        (
            "    throw new LostError(error);\n",
            "    console.error(url, JSON.stringify(options));\n    throw new LostError(error);\n",
        ),
        (
            "  return new OrderError(code, `${reply.status}: ${message}`);\n",
            "  console.error(reply.status, `Bearer ${key}`);\n"
            "  return new OrderError(code, `${reply.status}: ${message}`);\n",
        ),
        stories="submit/401",
    ),
    NODE.changed(
        "node-retries-everything",
        "no-retry-after-400",
        "if (!response.ok) retry() is in every blog post.",
        ("  return reply.status === 429;\n", "  return reply.status >= 400;\n"),
        stories="submit/400",
    ),
    NODE.changed(
        "node-polls-on-after-401",
        "poll-stops-on-refusal",
        "The catch around the poll is empty, for polls may fail.",
        ("  if (isFinal(reply) && !isEarly) throw refusal(reply);\n", ""),
        stories="poll-1/401",
    ),
    NODE.changed(
        "node-gives-up-at-once",
        "retry-429-submit",
        "Errors are the caller's business.",
        ("reply !== null && attempt >= STEPS.length", "reply !== null"),
        stories="submit/429",
    ),
    NODE.changed(
        "node-milliseconds",
        "backoff-floor",
        "setTimeout takes milliseconds, and the pauses are in seconds.",
        (
            "    await pause(backoff(attempt, reply));\n",
            "    await sleep(backoff(attempt, reply));\n",
        ),
        stories="storms/busy-three-times",
        perhaps={
            "backoff-growth": "the machine takes longer for a call than it pauses",
            "backoff-jitter": "on a quiet machine a thousandth of the jitter does not show",
            "jitter-per-process": "on a quiet machine a thousandth of the jitter does not show",
        },
    ),
    NODE.changed(
        "node-constant-pause",
        "backoff-growth",
        "await sleep(3000) was good enough.",
        ("const STEPS = [1, 2, 4, 8, 16];", "const STEPS = [4, 4, 4, 4, 4];"),
        stories="storms/busy-three-times",
    ),
    NODE.changed(
        "node-first-result-only",
        "exact-results",
        "result.data[0].url is what the documents' example shows.",
        ("  return items.map((item)", "  return items.slice(0, 1).map((item)"),
        ("known.urls.length !== job.n", "known.urls.length === 0"),
        stories="lives/4-images",
    ),
    NODE.changed(
        "node-deaf-to-retry-after",
        "retry-after-seconds",
        "The header's name was written with an underscore.",
        ('reply.headers.get("retry-after")', 'reply.headers.get("retry_after")'),
        stories="waits/7",
    ),
    NODE.changed(
        "node-dates-unread",
        "retry-after-date",
        "Number() of a date is NaN, and NaN || 1 is 1.",
        ("(date - Date.now()) / 1000", "0"),
        stories="waits/a-date-in-7-seconds",
    ),
    NODE.changed(
        "node-twice-per-second",
        "poll-floor",
        "setInterval(poll, 500) keeps the page lively.",
        (
            "const FIRST_POLL = 5;\nconst INTERVAL = 5;",
            "const FIRST_POLL = 0.5;\nconst INTERVAL = 0.5;",
        ),
        ("const INTERVAL_SPREAD = 1;", "const INTERVAL_SPREAD = 0.1;"),
        stories="lives/usual",
    ),
    NODE.changed(
        "node-interval-never-cleared",
        "quiet-after-end",
        "clearInterval stands behind an await that comes too late.",
        (
            "    if (hasEnded(body)) return resultUrls(body);\n",
            "    if (hasEnded(body)) {\n      await pause(interval());\n      await poll();\n"
            "      return resultUrls(body);\n    }\n",
        ),
        stories="lives/usual",
    ),
    NODE.changed(
        "node-polls-overlap",
        "one-poll-at-a-time",
        "setInterval does not wait for the poll that is still on its way.",
        (
            "      reply = await poll();\n",
            "      let isPending = true;\n"
            "      const first = poll().finally(() => (isPending = false));\n"
            "      const second = pause(INTERVAL).then(() => (isPending ? poll() : first));\n"
            "      reply = await Promise.race([first, second]);\n",
        ),
        stories="poll-1/delay-6",
    ),
    NODE.changed(
        "node-again-after-timeout",
        "submit-once",
        "AbortError means that nothing has happened, does it not?",
        ("      if (!error.unsent) {\n", "      if (!error.unsent && attempt > 0) {\n"),
        stories="submit/lost-reply-hang",
        submit_once_after_reset="a reset is caught in the same place",
    ),
    NODE.changed(
        "node-failed-is-done",
        "failure-is-an-error",
        "The loop ends with any status but queued and running, and the list is empty then.",
        (
            '  if (body.status === "failed") {\n',
            '  if (body.status === "failed") return true;\n  if (body.status === "") {\n',
        ),
        ("known.urls.length !== job.n", "known.urls.length !== job.n && known.urls.length > 0"),
        stories="lives/failed-generation-failed",
    ),
    NODE.changed(
        "node-bare-parse",
        "broken-reply-handled",
        "await reply.json() has no catch around it.",
        (
            "  try {\n    const value = JSON.parse(reply.content.toString());\n"
            "    return isObject(value) ? value : null;\n  } catch {\n    return null;\n  }\n",
            "  return JSON.parse(reply.content.toString());\n",
        ),
        stories="submit/400, submit/body-empty",
    ),
    NODE.changed(
        "node-lost-is-failed",
        "unknown-outcome-told",
        "catch means failed.",
        (
            'throw uncertain("lost_reply", `the order',
            'throw new OrderError("network", `please try again, the order',
        ),
        stories="submit/400, submit/lost-reply",
    ),
    NODE.changed(
        "node-key-in-body",
        "key-in-header-only",
        "The options object with the key in it is sent along as metadata.",
        ("n: job.n };", "n: job.n, metadata: { key } };"),
        stories="lives/usual",
    ),
    NODE.changed(
        "node-progress-is-a-number",
        "wrong-types-handled",
        "toFixed is there for every number, and progress is one.",
        (
            "  const shown = known.progress.at(-1) ?? -1;\n",
            "  process.title = progress.toFixed(0);\n"
            "  const shown = known.progress.at(-1) ?? -1;\n",
        ),
        stories="submit/400, poll-1/fields-set-progress-50",
    ),
    NODE.changed(
        "node-orders-again",
        "poll-trouble-no-submit",
        "The whole job is wrapped in a retry, the order with it.",
        ("const TOLERATED = 6;", "const TOLERATED = 0;"),
        (
            "  known.urls = await wait();\n",
            "  try {\n    known.urls = await wait();\n  } catch {\n"
            "    known.task = await submit();\n    known.urls = await wait();\n  }\n",
        ),
        stories="poll-1/503",
        poll_survives_5xx="it orders anew where it should ask again",
    ),
)
