// The careful client for Node 20, with its own fetch.
//
// The job comes as JSON in the environment variable JOB; the last line of the output is the outcome
// as JSON. All numbers are seconds.

import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";

const { base_url: base, api_key: key, job } = JSON.parse(process.env.JOB);

const STEPS = [1, 2, 4, 8, 16];
const SPREAD = 0.25;
const FIRST_POLL = 5;
const INTERVAL = 5;
const INTERVAL_SPREAD = 1;
const PATIENCE = 120;
const TOLERATED = 6;
const CALL = 30;
const DOWNLOADS = 3;
const PASSING = [408, 409, 425, 429];
// Words of both ways in which the vendor writes it.
const DONE = ["succeeded", "completed"];
const ENDINGS = { "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp" };

/** Why a job has failed: the server's code and message, or words of our own. */
class OrderError extends Error {
  constructor(code, message, status = "failed") {
    super(message);
    Object.assign(this, { code, status });
  }
}

/** Nobody can say whether there is a task, or how it will end. */
const uncertain = (code, message) => new OrderError(code, message, "unknown");

/** A call that brought no whole reply; `unsent`: nobody has read anything of it. */
class LostError extends Error {
  constructor(error) {
    super(`${error.cause?.message ?? error.message}`);
    this.unsent = error.cause?.code === "ECONNREFUSED";
  }
}

/** What is known of the job so far. */
const known = { task: null, urls: [], progress: [], troubles: 0, seen: false };

const pause = (seconds) => sleep(seconds * 1000);
const now = () => performance.now() / 1000;
const interval = () => INTERVAL + Math.random() * INTERVAL_SPREAD;
const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// Calls and replies.

/** Make a call; it has to be over in time, and redirects are not followed. */
async function call(url, options = {}, seconds = CALL) {
  try {
    const signal = AbortSignal.timeout(seconds * 1000);
    const reply = await fetch(url, { redirect: "manual", signal, ...options });
    const content = Buffer.from(await reply.arrayBuffer());
    return { status: reply.status, headers: reply.headers, content };
  } catch (error) {
    throw new LostError(error);
  }
}

/** The JSON object in a reply, null where there is none. */
function object(reply) {
  try {
    const value = JSON.parse(reply.content.toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Code and message of an error; words of our own where the server has none. */
function errorOf(reply) {
  const body = object(reply) ?? {};
  const error = isObject(body.error) ? body.error : body;
  const isCode = typeof error.code === "string" || Number.isInteger(error.code);
  const message = typeof error.message === "string" && error.message ? error.message : "no message";
  return { code: isCode ? error.code : null, message };
}

/** The server's own code and message. */
function refusal(reply) {
  const { code, message } = errorOf(reply);
  return new OrderError(code, `${reply.status}: ${message}`);
}

/** Seconds that Retry-After asks for, a number or a date; 0 for nonsense and for too much. */
function asked(reply) {
  const text = (reply.headers.get("retry-after") ?? "").trim();
  const date = /^\w{3,9},? .*\d\d:\d\d:\d\d/.test(text)
    ? Date.parse(/GMT$/.test(text) ? text : `${text} GMT`)
    : NaN;
  const seconds = /^\d+$/.test(text) ? Number(text) : (date - Date.now()) / 1000;
  return seconds > 0 && seconds <= PATIENCE ? seconds : 0;
}

/** Seconds to wait after so many failures; longer where the server asks for it. */
function backoff(attempt, reply = null) {
  const step = STEPS[Math.min(attempt, STEPS.length - 1)];
  const seconds = Math.max(step, reply === null ? 0 : asked(reply));
  return seconds * (1 + Math.random() * SPREAD);
}

// The order.

/** The body of the submit: what was not asked for is left out. */
function order() {
  const body = { model: job.model ?? "gpt-4o-image", prompt: job.prompt, n: job.n };
  if (job.size !== null) body.size = job.size;
  if (job.references.length > 0) body.reference_images = job.references;
  if (job.mask !== null) body.mask_url = job.mask;
  return body;
}

/** Whether nothing was made and the same order may be sent later. */
function isBusy(reply) {
  if (reply.status === 503) return errorOf(reply).code === "rate_limit_unavailable";
  return reply.status === 429;
}

/** Place the order; it is sent again only where nothing can have come of it. */
async function submit() {
  const options = {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(order()),
  };
  for (let attempt = 0; ; attempt += 1) {
    let reply = null;
    try {
      reply = await call(`${base}/images/generations`, options);
    } catch (error) {
      if (!error.unsent) {
        throw uncertain("lost_reply", `the order may have been accepted: ${error.message}`);
      }
      if (attempt >= STEPS.length) throw new OrderError("unreachable", error.message);
    }
    if (reply !== null && !isBusy(reply)) return accepted(reply);
    if (reply !== null && attempt >= STEPS.length) throw refusal(reply);
    await pause(backoff(attempt, reply));
  }
}

/** The id of the task; throws for every other reply. */
function accepted(reply) {
  if (reply.status >= 400 && reply.status < 500 && reply.status !== 408) throw refusal(reply);
  const id = object(reply)?.id;
  // What was no UTF-8 became U+FFFD, which is in no id.
  if (reply.status !== 200 || typeof id !== "string" || !id || id.includes("\uFFFD")) {
    const { code, message } = errorOf(reply);
    throw uncertain(code, `${reply.status}: the order may have been accepted: ${message}`);
  }
  return id;
}

// The wait.

/** Poll until the task has ended; the URLs of its results. */
async function wait() {
  const end = now() + PATIENCE;
  let seconds = FIRST_POLL + Math.random() * INTERVAL_SPREAD;
  while (now() + seconds <= end) {
    await pause(seconds);
    let reply;
    try {
      reply = await poll();
    } catch (error) {
      seconds = afterTrouble(uncertain("lost_reply", `poll: ${error.message}`));
      continue;
    }
    const body = status(reply);
    if (body === null) {
      const { code, message } = errorOf(reply);
      seconds = afterTrouble(uncertain(code, message), reply);
      continue;
    }
    known.troubles = 0;
    known.seen = true;
    if (hasEnded(body)) return resultUrls(body);
    tell(body.progress);
    seconds = interval();
  }
  throw uncertain("deadline", `task ${known.task}: no end after ${PATIENCE} s`);
}

function poll() {
  const headers = { Authorization: `Bearer ${key}` };
  return call(`${base}/images/generations/${encodeURIComponent(known.task)}`, { headers });
}

/** The task in a reply, null where it may be asked for again; throws for what is final. */
function status(reply) {
  const isEarly = reply.status === 404 && !known.seen && known.troubles < 2;
  if (isFinal(reply) && !isEarly) throw refusal(reply);
  const body = reply.status === 200 ? object(reply) : null;
  return typeof body?.status === "string" ? body : null;
}

/** Whether a poll was refused for good: by any 4xx that is not about time or rate. */
function isFinal(reply) {
  return reply.status >= 400 && reply.status < 500 && !PASSING.includes(reply.status);
}

/** Seconds until the next poll after one that went wrong; throws when it was one too many. */
function afterTrouble(error, reply = null) {
  known.troubles += 1;
  if (known.troubles > TOLERATED) throw error;
  if (reply?.status !== 429) return interval();
  return Math.max(interval(), backoff(known.troubles - 1, reply));
}

/** Whether the task has succeeded; throws where it failed. Unknown words mean: not yet. */
function hasEnded(body) {
  if (body.status === "failed") {
    const { code, message } = isObject(body.error) ? body.error : {};
    throw new OrderError(code ?? null, String(message ?? "the task failed"));
  }
  return DONE.includes(body.status);
}

/** The URLs of a task's results, as far as there are any. */
function resultUrls(body) {
  const items = Array.isArray(body.result?.data) ? body.result.data : [];
  return items.map((item) => item?.url).filter((url) => typeof url === "string" && url !== "");
}

/** Report the progress: only numbers, and never back. */
function tell(progress) {
  const shown = known.progress.at(-1) ?? -1;
  if (typeof progress === "number" && progress > shown && progress <= 100) {
    known.progress.push(progress);
  }
}

/** Throw unless there are as many results as were ordered. */
function check() {
  if (known.urls.length !== job.n) {
    const message = `${job.n} images were ordered, ${known.urls.length} came`;
    throw new OrderError("missing_results", message);
  }
}

// The files.

/** Save one image; a file host may be busy, but 403, 404 and 410 are final. */
async function fetchOne(number, url) {
  let problem = "";
  for (let attempt = 0; attempt < DOWNLOADS; attempt += 1) {
    if (attempt > 0) await pause(backoff(attempt - 1));
    try {
      // Without the key: files lie on whatever host.
      const reply = await call(url, {}, 60);
      if (reply.status === 200) return await save(number, reply);
      problem = String(reply.status);
      if (reply.status < 500 && reply.status !== 429) break;
    } catch (error) {
      problem = error.message;
    }
  }
  throw new OrderError("download_failed", `image ${number} could not be fetched: ${problem}`);
}

/** Check an image and save it under its name, or throw and leave nothing. */
async function save(number, reply) {
  const kind = (reply.headers.get("content-type") ?? "").split(";")[0].trim();
  if (!(kind in ENDINGS)) throw new Error(`of the type ${kind || "none"}`);
  if (!isWhole(kind, reply.content)) throw new Error(`no whole ${kind}`);
  const part = join(job.out_dir, `image-${number}.part`);
  try {
    await writeFile(part, reply.content);
    await rename(part, join(job.out_dir, `image-${number}${ENDINGS[kind]}`));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Whether a file of that type begins and ends as one, and a PNG's check sums are right. */
function isWhole(kind, data) {
  if (kind === "image/png") return isWholePng(data);
  if (kind === "image/jpeg") return data.readUInt16BE(0) === 0xffd8 && data.at(-1) === 0xd9;
  return data.subarray(0, 4).toString() === "RIFF" && data.length >= data.readUInt32LE(4) + 8;
}

function isWholePng(data) {
  if (data.subarray(1, 4).toString() !== "PNG") return false;
  for (let place = 8; place + 12 <= data.length; ) {
    const end = place + 8 + data.readUInt32BE(place);
    if (end + 4 > data.length) return false;
    if (crc32(data.subarray(place + 4, end)) !== data.readUInt32BE(end)) return false;
    if (data.subarray(place + 4, place + 8).toString() === "IEND") return end + 4 === data.length;
    place = end + 4;
  }
  return false;
}

// The whole job.

async function work() {
  known.task = await submit();
  known.urls = await wait();
  check();
  if (job.out_dir === null) return;
  for (const [index, url] of known.urls.entries()) await fetchOne(index + 1, url);
}

/** What the caller is told; a server may repeat the key in its message, we never do. */
function tellOutcome(status, error = null) {
  const outcome = { status, task_id: known.task, urls: known.urls, progress: known.progress };
  if (error !== null) {
    outcome.code = error.code;
    outcome.message = error.message.replaceAll(key, "***");
  }
  console.log(JSON.stringify(outcome));
}

try {
  await work();
  tellOutcome("succeeded");
} catch (error) {
  if (!(error instanceof OrderError)) throw error;
  tellOutcome(error.status, error);
  process.exitCode = 1;
}
