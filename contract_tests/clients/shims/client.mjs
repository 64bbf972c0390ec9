// A small client for Node 18 and later, to start from: orders images, waits, reports in JSON.
//
//   BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... node client.mjs --prompt "A red fox" --n 2
//
// It needs nothing but Node's own fetch. The last line that it prints is its outcome.

import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const POLL_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 120;
const BACKOFF_SECONDS = [1, 2, 4, 8];
const LONGEST_PAUSE_SECONDS = 45;
const MOST_TROUBLES_IN_A_ROW = 6;
const CALL_SECONDS = 60;
const DONE = ["succeeded", "completed"];
const HEADERS = { "User-Agent": "image-client/1.0" };

/** Why there are no images; `status` is the word for it in the outcome. */
class OrderError extends Error {
  constructor(message, code, status = "failed") {
    super(message);
    Object.assign(this, { code, status });
  }
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The server's own words on an error, as far as there are any. */
function told(error, message, code, status = "failed") {
  const found = isObject(error) ? error : {};
  const isCode = typeof found.code === "string" || Number.isInteger(found.code);
  const isMessage = typeof found.message === "string";
  return new OrderError(isMessage ? found.message : message, isCode ? found.code : code, status);
}

/** What went wrong on the way to a whole reply; fetch itself only says that something did. */
function lost(error, status = "unknown") {
  const why = error.cause?.code ?? error.cause?.message ?? error.message;
  const isRefused = error.cause?.code === "ECONNREFUSED";
  return new OrderError(`no whole reply: ${why}`, "no_reply", isRefused ? "failed" : status);
}

/** Make one call to the end of its reply. No redirect is followed: the key is for one host. */
async function send(url, options = {}) {
  const signal = AbortSignal.timeout(CALL_SECONDS * 1000);
  const headers = { ...HEADERS, ...options.headers };
  const reply = await fetch(url, { redirect: "manual", signal, ...options, headers });
  return { status: reply.status, headers: reply.headers, content: await reply.arrayBuffer() };
}

/** Call the API. */
async function call(path, order) {
  const headers = { Authorization: `Bearer ${process.env.API_KEY}` };
  const options = { headers };
  if (order !== undefined) {
    headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(order) });
  }
  return send(`${process.env.BASE_URL.replace(/\/$/, "")}/${path}`, options);
}

/** The JSON object in a reply, an empty one if there is none. */
function object(reply) {
  try {
    const value = JSON.parse(new TextDecoder().decode(reply.content));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** What a reply says is wrong. */
function refusal(reply, status) {
  const body = object(reply);
  return told(body.error ?? body, `HTTP status ${reply.status}`, reply.status, status);
}

/** The seconds that a reply asks to wait, 0 where it asks for nothing sensible. */
function retryAfter(reply) {
  const text = (reply.headers.get("retry-after") ?? "").trim();
  // Date.parse takes almost anything for a date; HTTP's have the name of a day and GMT.
  const isDate = /^[A-Z][a-z]+,? .*( GMT|\d{4})$/.test(text);
  const seconds = isDate ? (Date.parse(text) - Date.now()) / 1000 : /^\d+$/.test(text) ? +text : 0;
  return seconds > 0 && seconds <= LONGEST_PAUSE_SECONDS ? seconds : 0;
}

/** Wait so long, or as long as asked; the jitter keeps clients apart. */
const pause = (seconds, asked = 0) =>
  sleep(Math.max(seconds, asked) * (1 + 0.25 * Math.random()) * 1000 + 1);

/** Place the order, once: it is paid for as soon as it is accepted. The id of its task. */
async function submit(order) {
  let reply;
  for (const seconds of [...BACKOFF_SECONDS, null]) {
    reply = await call("images/generations", order).catch((error) => {
      throw lost(error);
    });
    if (reply.status !== 429 || seconds === null) break;
    await pause(seconds, retryAfter(reply));
  }
  if (reply.status !== 200) {
    throw refusal(reply, reply.status >= 400 && reply.status < 500 ? "failed" : "unknown");
  }
  const { id } = object(reply);
  if (typeof id !== "string" || id === "") {
    throw new OrderError("the reply names no task", "no_task", "unknown");
  }
  return id;
}

/** Poll until the task has ended; the URLs of its images. `progress` takes what it tells. */
async function wait(id, progress) {
  const deadline = performance.now() + LONGEST_WAIT_SECONDS * 1000;
  let seconds = POLL_SECONDS;
  let asked = 0;
  let troubles = 0;
  let isKnown = false;
  while (performance.now() + Math.max(seconds, asked) * 1000 < deadline) {
    await pause(seconds, asked);
    seconds = POLL_SECONDS;
    asked = 0;
    let trouble;
    let status = 0;
    try {
      const reply = await call(`images/generations/${encodeURIComponent(id)}`);
      const task = object(reply);
      status = reply.status;
      if (status === 200 && Object.keys(task).length > 0) {
        troubles = 0;
        isKnown = true;
        const urls = look(task, progress);
        if (urls !== undefined) return urls;
        continue;
      }
      trouble = refusal(reply, "unknown");
      if (status === 429) {
        seconds = 2 ** troubles;
        asked = retryAfter(reply);
      }
    } catch (error) {
      if (error instanceof OrderError) throw error;
      trouble = lost(error);
    }
    // Reading a status changes nothing, so some trouble is put up with, but not for ever.
    troubles += 1;
    // A new task may not be known everywhere at once.
    const isNew = status === 404 && !isKnown && troubles < 3;
    const isRefused = status >= 400 && status < 500 && status !== 429 && !isNew;
    if (isRefused || troubles > MOST_TROUBLES_IN_A_ROW) {
      trouble.status = status >= 400 && status < 500 ? "failed" : "unknown";
      throw trouble;
    }
  }
  throw new OrderError("the task takes too long; it may end later", "timeout", "unknown");
}

/** The URLs if a task has succeeded, undefined while it goes on. */
function look(task, progress) {
  const percent = task.progress;
  if (typeof percent === "number" && percent >= (progress.at(-1) ?? 0) && percent <= 100) {
    progress.push(percent);
  }
  if (task.status === "failed") throw told(task.error, "the task failed", "failed");
  if (!DONE.includes(task.status)) return undefined;
  const data = isObject(task.result) && Array.isArray(task.result.data) ? task.result.data : [];
  return data.map((item) => item?.url).filter((url) => typeof url === "string");
}

/** Whether an image has its end: PNG, JPEG or WebP. */
function isWhole(image) {
  const start = image.toString("latin1", 0, 4);
  if (start === "RIFF") return image.length >= 8 && image.length >= image.readUInt32LE(4) + 8;
  if (start === "\x89PNG") return image.toString("latin1", image.length - 8, image.length - 4) === "IEND";
  return image.length > 4 && image.readUInt16BE(0) === 0xffd8 && image.readUInt16BE(image.length - 2) === 0xffd9;
}

/** Save one image, whole or not at all; the key stays at home. */
async function download(url, folder, number) {
  const reply = await send(url).catch((error) => {
    throw new OrderError(`image ${number} could not be fetched: ${lost(error).message}`, "download");
  });
  const image = Buffer.from(reply.content);
  if (reply.status !== 200) {
    throw new OrderError(`image ${number} could not be fetched: ${reply.status}`, "download");
  }
  if (!isWhole(image)) throw new OrderError(`image ${number} is no whole image`, "download");
  await writeFile(join(folder, "part"), image);
  await rename(join(folder, "part"), join(folder, `image-${number}`));
}

/** The body of the order, what was not asked for left out, and where to save the images. */
function readOrder() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      prompt: text,
      n: { ...text, default: "1" }, // how many
      size: text, // such as 3:2
      model: { ...text, default: "gpt-4o-image" },
      reference_images: { ...text, multiple: true }, // URLs
      mask_url: text,
      "out-dir": text, // where to save the images
    },
  });
  const { "out-dir": folder, ...order } = values;
  return { folder, order: { ...order, n: Number(order.n) } };
}

const { order, folder } = readOrder();
const outcome = { status: "unknown", progress: [] };

function report() {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

for (const name of ["SIGTERM", "SIGINT"]) {
  process.once(name, () => {
    outcome.status = "cancelled";
    report();
    process.exit(1);
  });
}

try {
  outcome.task_id = await submit(order);
  outcome.urls = await wait(outcome.task_id, outcome.progress);
  if (outcome.urls.length !== order.n) {
    throw new OrderError(`${order.n} ordered, ${outcome.urls.length} came`, "missing_images");
  }
  for (const [index, url] of (folder ? outcome.urls : []).entries()) {
    await download(url, folder, index + 1);
  }
  outcome.status = "succeeded";
} catch (error) {
  if (!(error instanceof OrderError)) throw error;
  Object.assign(outcome, { status: error.status, code: error.code, message: error.message });
  process.exitCode = 1;
}
report();
