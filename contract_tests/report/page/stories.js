// The list of stories, those with something broken first.

const FIRST = 40;
let areAllShown = false;

const brokenIn = (cells) => [...cells].filter((one) => BROKEN.includes(one)).length;

function brokenPills(subject, story) {
  const own = subject.byStory.get(story.name);
  if (!own) return make("td", { class: "dim" }, "not played");
  const numbers = [...BROKEN].map((letter) => [letter, [...own.cells].filter((one) => one === letter).length]);
  const found = numbers.filter(([, number]) => number);
  return make("td", {}, found.length ? found.map(([letter, number]) => [pill(letter, `${number} ${subject.words[letter]}`), " "]) : make("span", { class: "dim" }, "nothing broken"));
}

function showStories() {
  const weight = (story) => subjects.reduce((sum, one) => sum + brokenIn(one.byStory.get(story.name)?.cells ?? ""), 0);
  const shown = stories.filter(isStoryShown).map((story) => ({ story, weight: weight(story) }))
    .sort((one, other) => other.weight - one.weight);
  const kept = areAllShown ? shown : shown.slice(0, FIRST);
  const rows = kept.map(({ story }) => make("tr", {},
    make("th", { scope: "row" }, storyButton(story.name), make("div", { class: "title" }, story.title)),
    subjects.map((one) => brokenPills(one, story))));
  const heads = ["story", ...subjects.map((one) => one.subject)];
  const more = shown.length > kept.length
    ? make("button", { type: "button", class: "chip", click: () => { areAllShown = true; showStories(); } }, `Show all ${shown.length}`) : null;
  byId("stories").replaceChildren(...[
    make("table", { class: "stories" }, make("thead", {}, make("tr", {}, heads.map((one) => make("th", { scope: "col" }, one)))), make("tbody", {}, rows)),
    more].filter(Boolean));
}
