// Node's fetch: reads a JSON list of jobs, does them at the same time, and writes what it made of each.

import { text } from "node:stream/consumers";

async function tell({ url, key, patience, body }) {
  let status = null;
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience * 1000),
    });
    status = reply.status;
    return { status, value: await reply.json() };
  } catch (error) {
    // Of a failed call the cause tells more; of a broken reply it depends on timing which one is told.
    const why = status === null ? error.cause?.code : error.message;
    return { status, error: error.name === "TypeError" ? `TypeError ${why}` : error.name };
  }
}

// Loads fetch before anybody's patience is measured.
await fetch("data:,");

const jobs = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(await Promise.all(jobs.map(tell))));
