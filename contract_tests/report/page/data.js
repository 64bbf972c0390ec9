// The data of the page, as contract_tests/report/page_data.py writes it.

const subjects = JSON.parse(byId("data").textContent);

// The gravest first.
const GRAVEST = "FAWINPX.";
const BROKEN = "FA";

const gravest = (letters) => [...GRAVEST].find((one) => letters.includes(one)) ?? ".";

const MOMENT = ["seconds", "kind", "what", "answered", "number", "lasted", "fault", "task", "phase"];

const momentOf = (values) =>
  Object.fromEntries(MOMENT.map((name, index) => [name, values[index] ?? null]));

for (const [index, subject] of subjects.entries()) {
  subject.index = index;
  subject.byRule = new Map(subject.rulings.map((one, at) => [one.id, { ...one, at }]));
  subject.byStory = new Map(subject.stories.map((one) => [one.name, one]));
}

const hasServer = subjects.some((one) => one.kind === "server");

// Every rule and every story that any of the subjects has, in order.
function united(lists, key) {
  const found = new Map();
  for (const list of lists) for (const one of list) if (!found.has(one[key])) found.set(one[key], one);
  return [...found.values()];
}
const rules = united(subjects.map((one) => one.rulings), "id");
const stories = united(subjects.map((one) => one.stories), "name");

const groupOf = (story) => (story.name.includes("/") ? story.name.split("/")[0] : "stories");

// What the reader wants to see: verdicts by their letters (empty: all), and words of the search.
const wanted = { letters: new Set(), search: "" };

const isFound = (...texts) =>
  texts.join(" ").toLowerCase().includes(wanted.search.trim().toLowerCase());

function isRuleShown(rule) {
  const letters = subjects.map((one) => one.byRule.get(rule.id)?.letter);
  const isWanted = !wanted.letters.size || letters.some((one) => wanted.letters.has(one));
  const names = subjects.flatMap((one) => one.byRule.get(rule.id)?.broken ?? []);
  return isWanted && isFound(rule.number, rule.id, rule.title, ...names);
}

function isStoryShown(story) {
  const cells = subjects.map((one) => one.byStory.get(story.name)?.cells ?? "").join("");
  const isWanted = !wanted.letters.size || [...wanted.letters].some((one) => cells.includes(one));
  return isWanted && isFound(story.name, story.title);
}
