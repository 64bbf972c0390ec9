// The picture of a story: calls, waits and faults, the states of tasks, on one axis of time.

const LANE = 52, MARGIN = 14, TOP = 12, AXIS = 26, FLAG = 92, MOST_LANES = 12;
const STATES = { queued: "queued", running: "running", succeeded: "succeeded", failed: "failed" };

const endOf = (moments) => Math.max(0.001, ...moments.map((one) => one.seconds + (one.lasted ?? 0)));

const seconds = (value) =>
  value >= 100 ? `${Math.round(value)} s` : `${+value.toFixed(value < 1 ? 2 : 1)} s`;

// Steps of 1, 2 or 5 that leave room for their numbers.
function tickStep(end, width) {
  const least = (end * 64) / width;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least);
}

// One lane for the calls; where several tasks live side by side, one for each of them.
function lanesOf(moments) {
  const tasks = [...new Set(moments.map((one) => one.task).filter(Boolean))];
  const calls = moments.filter((one) => one.kind === "call");
  const isAlone = tasks.length <= 1;
  const loose = isAlone ? calls : calls.filter((one) => !one.task);
  const lanes = loose.length ? [{ name: isAlone ? "calls" : "calls without a task", calls: loose, stages: [] }] : [];
  for (const task of tasks.slice(0, MOST_LANES)) {
    lanes.push({
      name: task,
      calls: isAlone ? [] : calls.filter((one) => one.task === task),
      stages: moments.filter((one) => one.kind === "stage" && one.task === task),
    });
  }
  return { lanes, left: Math.max(0, tasks.length - MOST_LANES) };
}

const isTrouble = (call) => Boolean(call.fault) || !/^[23]/.test(call.answered ?? "");

function mark(call, x, y) {
  const kind = `mark ${isTrouble(call) ? "trouble" : "fine"}`;
  const told = `call ${call.number}: ${call.what}, ${call.answered ?? "no reply"}` +
    `${call.fault ? `, fault ${call.fault}` : ""}, at ${seconds(call.seconds)}`;
  const shape = call.what.startsWith("submit")
    ? draw("rect", { x: x - 5, y: y - 5, width: 10, height: 10, rx: 1 })
    : call.what.startsWith("status")
      ? draw("circle", { cx: x, cy: y, r: 5 })
      : draw("path", { d: `M${x} ${y - 6.5}l6.5 6.5l-6.5 6.5l-6.5-6.5z` });
  const cross = call.fault ? draw("path", { class: "cross", d: `M${x - 3} ${y - 3}l6 6m0-6l-6 6` }) : null;
  return draw("g", { class: kind }, draw("title", {}, told), shape, cross);
}

// On the band of a state its length shows the wait; elsewhere a dotted line does.
function callsDrawn(calls, y, scale, isDotted) {
  const drawn = [];
  let heard = null, labelled = -Infinity;
  for (const call of calls) {
    const x = scale(call.seconds), end = scale(call.seconds + (call.lasted ?? 0));
    if (heard !== null && x > heard.x) {
      if (isDotted) drawn.push(draw("path", { class: "wait", d: `M${heard.x} ${y}H${x}` }));
      if (x - heard.x > 44)
        drawn.push(draw("text", { class: "wait-label", x: (x + heard.x) / 2, y: y + 16, "text-anchor": "middle" },
          seconds(call.seconds - heard.at)));
    }
    if (end > x + 1) drawn.push(draw("path", { class: "lasting", d: `M${x} ${y}H${end}` }));
    const told = call.fault ?? (isTrouble(call) ? call.answered : null);
    if (told && x - labelled > 8 + told.length * 6.4) {
      drawn.push(draw("text", { class: "fault-label", x: x - 5, y: y - 11 }, told.length > 28 ? `${told.slice(0, 27)}…` : told));
      labelled = x;
    }
    heard = { x: Math.max(end, heard?.x ?? 0), at: call.seconds + (call.lasted ?? 0) };
  }
  return [...drawn, ...calls.map((call) => mark(call, scale(call.seconds), y))];
}

// A state lasts until the next one was told; an end is a flag, for it lasts for ever.
function statesDrawn(stages, y, scale, end) {
  return stages.map((stage, index) => {
    const next = stages[index + 1];
    const word = STATES[stage.what] ?? "other";
    const isEnd = word === "succeeded" || word === "failed";
    const from = scale(stage.seconds);
    const to = isEnd ? from + 5 : Math.max(from + 3, scale(next ? next.seconds : end));
    const hasRoom = isEnd ? !next : to - from > stage.what.length * 6.5 + 14;
    const label = draw("text", { class: isEnd ? "flag-label" : "state-label", x: from + 9, y: y + 4 }, stage.what);
    return draw("g", { class: `state s-${word}` },
      draw("title", {}, `${stage.what}, first told at ${seconds(stage.seconds)}`),
      draw("rect", { x: from, y: y - 8, width: to - from, height: 16, rx: 2 }), hasRoom ? label : null);
  });
}

function axisDrawn(end, y, scale, width) {
  const step = tickStep(end, width);
  const ticks = [];
  for (let at = 0; at <= end + step / 1000; at += step) ticks.push(at);
  return draw("g", { class: "axis" },
    draw("path", { d: `M${scale(0)} ${y}H${scale(end)}` }),
    ticks.map((at) => [
      draw("path", { class: "tick", d: `M${scale(at)} ${TOP}V${y + 4}` }),
      draw("text", { x: scale(at), y: y + 17, "text-anchor": at === 0 ? "start" : "middle" }, seconds(at)),
    ]));
}

// What the client was told and said, as lines down through all lanes.
function wordsDrawn(moments, y, scale) {
  return moments.filter((one) => one.kind === "client").map((one) => {
    const kind = one.what.endsWith("begins") ? "begins" : one.what.includes("told to stop") ? "stop" : "ends";
    return draw("g", { class: `client ${kind}` },
      draw("title", {}, `${one.what}, at ${seconds(one.seconds)}`),
      draw("path", { d: `M${scale(one.seconds)} ${TOP}V${y}` }));
  });
}

function summary(moments) {
  const calls = moments.filter((one) => one.kind === "call");
  const states = moments.filter((one) => one.kind === "stage").map((one) => one.what);
  const troubled = calls.filter(isTrouble).length;
  return `Time line: ${plural(calls.length, "call", "calls")}, ${troubled} of them with trouble, in ` +
    `${seconds(endOf(moments))}; states ${states.slice(0, 12).join(", ") || "none"}`;
}

// `end` is given where several pictures are to share a scale.
function timeLine(moments, width, end = endOf(moments)) {
  const { lanes, left } = lanesOf(moments);
  const inner = width - MARGIN - FLAG;
  const own = endOf(moments);
  const scale = (at) => MARGIN + (Math.min(at, end) / end) * inner;
  const bottom = TOP + lanes.length * LANE;
  const parts = lanes.flatMap((lane, index) => {
    const middle = TOP + index * LANE + 30;
    // Above calls the faults are named, from the left.
    const place = lane.stages.length ? { x: MARGIN + 4 } : { x: width - 4, "text-anchor": "end" };
    return [
      draw("text", { class: "lane", ...place, y: middle - 13 }, lane.name),
      statesDrawn(lane.stages, middle + (lane.calls.length ? 0 : 4), scale, own),
      callsDrawn(lane.calls, middle, scale, !lane.stages.length),
    ].flat();
  });
  const svg = draw("svg", { class: "time-line", width, height: bottom + AXIS, viewBox: `0 0 ${width} ${bottom + AXIS}`, role: "img", "aria-label": summary(moments) },
    axisDrawn(end, bottom, scale, inner), wordsDrawn(moments, bottom, scale), parts);
  return left ? [svg, make("p", { class: "hint" }, `and ${left} tasks more`)] : [svg];
}

const LEGEND = [
  [() => draw("g", { class: "mark fine" }, draw("rect", { x: 3, y: 3, width: 10, height: 10, rx: 1 })), "submit"],
  [() => draw("g", { class: "mark fine" }, draw("circle", { cx: 8, cy: 8, r: 5 })), "poll"],
  [() => draw("g", { class: "mark fine" }, draw("path", { d: "M8 1.5l6.5 6.5l-6.5 6.5l-6.5-6.5z" })), "other call"],
  [() => draw("g", { class: "mark trouble" }, draw("circle", { cx: 8, cy: 8, r: 5 }), draw("path", { class: "cross", d: "M5 5l6 6m0-6l-6 6" })), "fault"],
  [() => draw("path", { class: "wait", d: "M0 8H16" }), "wait"],
  [() => draw("path", { class: "lasting", d: "M0 8H16" }), "call under way"],
  [() => draw("g", { class: "client ends" }, draw("path", { d: "M8 0V16" })), "client begins, ends"],
];

const legend = () => make("p", { class: "legend", "aria-hidden": "true" }, LEGEND.map(([picture, word]) =>
  make("span", {}, draw("svg", { width: 16, height: 16, viewBox: "0 0 16 16" }, picture()), word)));
