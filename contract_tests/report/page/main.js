// The head of the page and its filter; then everything is shown.

const OVERALL = { conformant: "P", "conformant with advice": "A", "not conformant": "F", incomplete: "I" };

function card(subject) {
  const total = Object.values(subject.counts).reduce((sum, one) => sum + one, 0);
  const letterOf = Object.fromEntries([...Object.entries(subject.words).map(([letter, word]) => [word, letter]), ["waived", "W"]]);
  const counted = Object.entries(subject.counts);
  let from = 0;
  const bars = counted.map(([word, number]) => {
    const x = (from / total) * 100;
    from += number;
    return draw("rect", { class: `v-${letterOf[word]}`, x, y: 0, width: (number / total) * 100, height: 8 }, draw("title", {}, `${number} ${word}`));
  });
  const began = new Date(subject.began * 1000);
  return make("article", { class: "card" },
    make("h2", {}, subject.subject),
    make("p", {}, make("span", { class: `overall pill v-${OVERALL[subject.overall]}` }, subject.overall)),
    draw("svg", { class: "counts", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, bars),
    make("p", { class: "numbers" }, counted.map(([word, number]) => make("span", {}, make("strong", {}, String(number)), ` ${word}`))),
    make("p", { class: "dim" }, `${subject.facts}; `, make("time", { datetime: began.toISOString() }, began.toISOString().slice(0, 16).replace("T", " ")), " UTC"),
    subject.stale.map((one) => make("p", { class: "seen t-F" }, `stale waiver: ${one}`)),
    subject.notes.length ? folded(plural(subject.notes.length, "note", "notes"), make("ul", {}, subject.notes.map((one) => make("li", {}, one)))) : null);
}

function showChips() {
  const numbers = new Map();
  for (const subject of subjects) for (const { letter, word } of subject.rulings) {
    const known = numbers.get(letter) ?? { words: new Set(), number: 0 };
    known.words.add(word);
    known.number += 1;
    numbers.set(letter, known);
  }
  const chips = [...GRAVEST].filter((letter) => numbers.has(letter)).map((letter) => {
    const { words, number } = numbers.get(letter);
    const chip = make("button", { type: "button", class: `chip v-${letter}`, "data-letter": letter, "aria-pressed": "false", click: () => {
      if (!wanted.letters.delete(letter)) wanted.letters.add(letter);
      chip.setAttribute("aria-pressed", String(wanted.letters.has(letter)));
      showAll();
    } }, make("span", { "aria-hidden": "true" }, SIGNS[letter]), ` ${[...words].join(" / ")} `, make("span", { class: "count" }, String(number)));
    return chip;
  });
  byId("chips").replaceChildren(...chips);
}

function showAll() {
  showRules();
  showMatrix();
  showStories();
}

function openLinked() {
  const name = /^#story=(.+)$/.exec(location.hash)?.[1];
  if (name) openStory(decodeURIComponent(name));
}

byId("about").textContent = hasServer ? "What a check of a server found" : "What an exam of a client found";
if (subjects.length && subjects.every((one) => one.kind === "server")) {
  byId("rules-title").textContent = "Statements";
  byId("matrix-title").textContent = "Statements by stories";
}
if (subjects.length) {
  byId("subjects").replaceChildren(...subjects.map(card));
  showChips();
  showMatrixChoice();
  showAll();
  byId("search").addEventListener("input", (event) => {
    wanted.search = event.target.value;
    showAll();
  });
  addEventListener("hashchange", openLinked);
  openLinked();
}
