// Order images, wait for them and save them: a complete client for Node 20, with its own fetch.
//
//   BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... node node_fetch.mjs "A red fox" --n 2
//
// It polls as the API advises, backs off 1, 2 and 4 seconds with jitter when it is told 429, and
// never sends an order twice that may have been accepted, for every order is paid for.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const BACKOFF_SECONDS = [1, 2, 4];
const LONGEST_PAUSE_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 120;
const POLL_FAILURES_TOLERATED = 3;
// The API's documents disagree on the word for success, so both are known here.
const DONE = ["succeeded", "completed"];
const ENDINGS = { "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp" };

/** Why there are no images; `status` is the API's HTTP status code, 0 when it gave none. */
class OrderError extends Error {
  constructor(message, status = 0) {
    super(status ? `${status}: ${message}` : message);
    this.status = status;
  }
}

/** Wait so long and a little longer: the jitter keeps clients apart. */
const pause = (seconds, jitter) => sleep(seconds * (1 + Math.random() * jitter) * 1000);

/** What a reply asks to wait, as a number of seconds or until a date; 0 for anything else. */
function asked(reply) {
  const told = reply.headers.get("retry-after") ?? "";
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(told) ? told.replace(/( GMT)?$/, " GMT") : "";
  const seconds = /^\d+$/.test(told) ? Number(told) : (Date.parse(date) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(seconds, LONGEST_PAUSE_SECONDS) : 0;
}

function call(path, options = {}) {
  return fetch(`${process.env.BASE_URL.replace(/\/$/, "")}/${path}`, {
    ...options,
    headers: { Authorization: `Bearer ${process.env.API_KEY}`, ...options.headers },
    redirect: "manual", // the key is for this host alone
    signal: AbortSignal.timeout(30_000),
  });
}

/** The JSON object in a reply; an OrderError for every refusal. */
async function checked(reply) {
  const text = await reply.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new OrderError("the reply is no JSON object", reply.status);
  }
  if (reply.status !== 200) {
    throw new OrderError(body.error?.message ?? "no message", reply.status);
  }
  return body;
}

/** Make a call again after each 429, a little later every time; all else is final at once. */
async function patiently(makeCall) {
  for (const seconds of BACKOFF_SECONDS) {
    const reply = await makeCall();
    if (reply.status !== 429) return checked(reply);
    await reply.body?.cancel();
    await pause(Math.max(seconds, asked(reply)), 0.25);
  }
  return checked(await makeCall());
}

/** Place an order; the id of its task. */
async function submit(order) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
  };
  const task = await patiently(() => call("images/generations", options)).catch((error) => {
    if (error instanceof OrderError || error.cause?.code === "ECONNREFUSED") throw error;
    // Sent again, it could be paid for twice: a person has to look.
    throw new OrderError(`the order may have been accepted: ${error.cause ?? error}`);
  });
  if (typeof task.id !== "string") {
    throw new OrderError("the order was accepted, but its id is missing");
  }
  return task.id;
}

/** Poll until the task has ended; the URLs of its images. */
async function wait(id, every) {
  const deadline = performance.now() + LONGEST_WAIT_SECONDS * 1000;
  let failures = 0;
  while (performance.now() < deadline) {
    await pause(every, 0.1);
    let task;
    try {
      task = await patiently(() => call(`images/generations/${id}`));
    } catch (error) {
      // Reading a status changes nothing, so a hiccup on the way may be waited out.
      failures += 1;
      const isFinal = error.status >= 400 && error.status < 500;
      if (isFinal || failures > POLL_FAILURES_TOLERATED) throw error;
      continue;
    }
    failures = 0;
    if (DONE.includes(task.status)) return (task.result?.data ?? []).map((item) => item.url);
    if (task.status === "failed") {
      throw new OrderError(`task ${id} failed: ${task.error?.message}`);
    }
  }
  throw new OrderError(`task ${id} had not ended after ${LONGEST_WAIT_SECONDS} seconds`);
}

/** Save one image. The files are on another host, so the key is not sent along. */
async function download(url, folder, number) {
  const reply = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (reply.status !== 200) throw new OrderError(`image ${number} is missing`, reply.status);
  const kind = (reply.headers.get("content-type") ?? "").split(";")[0];
  if (!(kind in ENDINGS)) throw new OrderError(`image ${number} is ${kind || "of no type"}`);
  const path = join(folder, `image-${number}${ENDINGS[kind]}`);
  await writeFile(path, Buffer.from(await reply.arrayBuffer()));
  return path;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    n: { type: "string", default: "1" }, // how many images
    size: { type: "string", default: "1:1" }, // 1:1, 2:3 or 3:2
    folder: { type: "string", default: "images" }, // where to save them
    every: { type: "string", default: "5" }, // seconds between two polls
  },
});

try {
  const prompt = positionals[0];
  // The API wants a number here: a quoted one is refused.
  const order = { model: "gpt-4o-image", prompt, size: values.size, n: Number(values.n) };
  const id = await submit(order);
  console.log(`task ${id}`);
  const urls = await wait(id, Number(values.every));
  await mkdir(values.folder, { recursive: true });
  for (const [index, url] of urls.entries()) {
    console.log(await download(url, values.folder, index + 1));
  }
  if (urls.length !== order.n) {
    throw new OrderError(`${order.n} images were ordered, ${urls.length} came`);
  }
} catch (error) {
  // fetch itself only says that it failed; the reason is behind it.
  console.error(`error: ${error.cause?.message || error.message}`);
  process.exitCode = 1;
}
