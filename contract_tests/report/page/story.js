// One story in a dialog: what happened to each subject, and what the rules say of it.

const dialog = byId("story");
let drawAgain = () => {};

function callsTable(moments, evidence) {
  const told = [...moments].sort((one, other) =>
    one.seconds - other.seconds || (one.kind === "client" && !one.what.endsWith("begins")) - (other.kind === "client" && !other.what.endsWith("begins")));
  const rows = told.filter((one) => one.kind !== "stage").map((one) =>
    make("tr", { class: one.kind === "client" ? "said" : evidence.has(one.number) ? "evidence" : null },
      make("td", { class: "number" }, one.seconds.toFixed(2)),
      make("td", { class: "number" }, one.number === null ? "" : String(one.number)),
      make("td", {}, one.what, one.fault ? make("span", { class: "fault" }, one.fault) : null),
      make("td", {}, one.answered ?? "", one.lasted ? ` after ${seconds(one.lasted)}` : "")));
  return make("div", { class: "scroll" }, make("table", { class: "calls" },
    make("thead", {}, make("tr", {}, ["seconds", "call", "what", "answered"].map((one) => make("th", { scope: "col" }, one)))),
    make("tbody", {}, rows)));
}

function findingRow(subject, story, ruling, at) {
  const [seen, expected, evidence] = subject.findings[story.found[at]];
  const letter = story.cells[at];
  const calls = evidence.length ? `calls ${evidence.join(", ")}` : null;
  return make("li", { class: "finding" }, pill(letter, subject.words[letter]),
    make("strong", {}, ` ${ruling.number} ${ruling.id} `), make("span", { class: "dim" }, ruling.grade),
    make("div", {}, seen),
    BROKEN.includes(letter) && expected !== ruling.title ? make("div", { class: "dim" }, `expected: ${expected}`) : null,
    BROKEN.includes(letter) && calls ? make("div", { class: "dim" }, calls) : null);
}

function findingsOf(subject, story) {
  const byLetter = new Map([...GRAVEST].map((letter) => [letter, []]));
  subject.rulings.forEach((ruling, at) => {
    if (story.found[at] >= 0) byLetter.get(story.cells[at]).push(findingRow(subject, story, ruling, at));
  });
  const broken = [...BROKEN].flatMap((letter) => byLetter.get(letter));
  const others = [...GRAVEST].filter((letter) => !BROKEN.includes(letter) && byLetter.get(letter).length);
  return [
    broken.length ? make("ul", { class: "findings" }, broken) : make("p", { class: "dim" }, "Nothing is broken in this story."),
    others.map((letter) => folded(`${byLetter.get(letter).length} ${subject.words[letter]}`, make("ul", { class: "findings" }, byLetter.get(letter)))),
  ];
}

function evidenceOf(subject, story) {
  const numbers = [...story.cells].flatMap((letter, at) => BROKEN.includes(letter) ? subject.findings[story.found[at]][2] : []);
  return new Set(numbers);
}

function told(subject, story, end) {
  const moments = story.moments.map(momentOf);
  const picture = make("div", { class: "picture" });
  const redraw = () => picture.replaceChildren(...timeLine(moments, Math.max(280, picture.clientWidth), end));
  const part = make("section", { class: "told" },
    subjects.length > 1 ? make("h3", {}, subject.subject) : null, picture,
    findingsOf(subject, story),
    folded(`Calls (${moments.filter((one) => one.kind === "call").length})`, callsTable(moments, evidenceOf(subject, story))),
    story.output ? folded("What it printed", make("pre", { tabindex: "0" }, story.output)) : null,
    folded("Replay", copied(story.replay, "the command that replays it")),
    story.text ? folded("Scenario file", copied(story.text, "the scenario file")) : null);
  return { part, redraw };
}

function openStory(name) {
  const having = subjects.filter((one) => one.byStory.has(name));
  if (!having.length) return;
  const first = having[0].byStory.get(name);
  const lasts = having.map((one) => endOf(one.byStory.get(name).moments.map(momentOf)));
  const parts = having.map((one) => told(one, one.byStory.get(name), Math.max(...lasts)));
  const close = make("button", { type: "button", class: "close", "aria-label": "Close", click: () => dialog.close() }, "✕");
  dialog.replaceChildren(
    make("div", { class: "bar" }, make("h2", { id: "story-title" }, first.title), close),
    make("p", { class: "dim" }, `${name}, ${first.timing} time`), make("p", {}, first.why), legend(), ...parts.map((one) => one.part));
  drawAgain = () => parts.forEach((one) => one.redraw());
  if (!dialog.open) dialog.showModal();
  drawAgain();
  dialog.scrollTop = 0;
  history.replaceState(null, "", `#story=${encodeURIComponent(name)}`);
}

dialog.addEventListener("close", () => history.replaceState(null, "", "#"));
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
addEventListener("resize", () => dialog.open && drawAgain());

const storyButton = (name, text = name) =>
  make("button", { type: "button", class: "link", click: () => openStory(name) }, text);
