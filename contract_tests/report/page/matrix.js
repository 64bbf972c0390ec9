// The matrix of rules by stories. Stories stand in groups, so that hundreds of them have room.

const opened = new Set();
let whose = 0;
let at = { row: 0, column: 0 };

const matrix = byId("matrix");

function columnsOf(subject) {
  const groups = new Map();
  for (const story of subject.stories.filter(isStoryShown)) {
    const group = groupOf(story);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(story);
  }
  return [...groups].flatMap(([group, own]) =>
    opened.has(group)
      ? [{ group, stories: own, isHead: true }, ...own.map((story) => ({ group, story, stories: [story] }))]
      : [{ group, stories: own, isHead: true }]);
}

function toggle(group) {
  if (!opened.delete(group)) opened.add(group);
  showMatrix();
}

function heading(column) {
  if (column.story) {
    const short = column.story.name.slice(column.group.length + 1) || column.story.name;
    return make("th", { scope: "col", class: "one-story" }, make("button", { type: "button", class: "link", tabindex: "-1", click: () => openStory(column.story.name), title: column.story.title }, short));
  }
  const isOpen = opened.has(column.group);
  return make("th", { scope: "col", class: "group" }, make("button", { type: "button", class: "link", "aria-expanded": String(isOpen), click: () => toggle(column.group) },
    `${isOpen ? "▾" : "▸"} ${column.group} (${column.stories.length})`));
}

function cell(subject, ruling, rule, column) {
  const letters = column.stories.map((story) => story.cells[ruling]);
  const letter = gravest(letters);
  const number = letters.filter((one) => one === letter).length;
  const isCounted = !column.story && number > 1 && BROKEN.includes(letter);
  const word = subject.words[letter] ?? "not judged";
  const name = column.story ? column.story.name : plural(number, "story", "stories") + ` of ${column.group}`;
  return make("td", { class: `cell v-${letter}`, tabindex: "-1", "data-told": `${rule.number} ${rule.id}, ${name}: ${word}`, "aria-label": `${word}, ${name}` },
    isCounted ? `${SIGNS[letter]}${number}` : SIGNS[letter]);
}

function showMatrix() {
  const subject = subjects[whose];
  const shown = subject.rulings.map((rule, index) => ({ rule, index })).filter((one) => isRuleShown(one.rule));
  const columns = columnsOf(subject);
  if (!shown.length || !columns.length) {
    matrix.replaceChildren(make("p", { class: "dim" }, subject.stories.length ? "Nothing here fits the filter." : "No stories were kept."));
    return;
  }
  const body = shown.map(({ rule, index }) =>
    make("tr", {}, make("th", { scope: "row", title: rule.title }, make("span", { class: "dim" }, rule.number), make("span", { class: "rule-id" }, ` ${rule.id}`)),
      columns.map((column) => cell(subject, index, rule, column))));
  const table = make("table", { class: "matrix", role: "grid", "aria-labelledby": "matrix-title" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "rule"), columns.map(heading))), make("tbody", {}, body));
  table.addEventListener("keydown", (event) => move(event, table, columns));
  table.addEventListener("click", (event) => chosen(event.target.closest("td"), columns));
  for (const kind of ["mouseover", "focusin"]) table.addEventListener(kind, (event) => tell(event.target.closest("td"), subject, columns, shown));
  matrix.replaceChildren(table);
  at = { row: Math.min(at.row, shown.length - 1), column: Math.min(at.column, columns.length - 1) };
  cellAt(table, at).tabIndex = 0;
}

const cellAt = (table, { row, column }) => table.tBodies[0].rows[row].cells[column + 1];

function chosen(td, columns) {
  if (!td) return;
  const column = columns[td.cellIndex - 1];
  if (column.story) openStory(column.story.name);
  else {
    at = { row: td.parentNode.sectionRowIndex, column: td.cellIndex - 1 };
    toggle(column.group);
    cellAt(matrix.querySelector("table"), at).focus();
  }
}

function move(event, table, columns) {
  const td = event.target.closest("td");
  if (!td) return;
  const rows = table.tBodies[0].rows.length;
  const now = { row: td.parentNode.sectionRowIndex, column: td.cellIndex - 1 };
  const next = {
    ArrowUp: { ...now, row: Math.max(0, now.row - 1) },
    ArrowDown: { ...now, row: Math.min(rows - 1, now.row + 1) },
    ArrowLeft: { ...now, column: Math.max(0, now.column - 1) },
    ArrowRight: { ...now, column: Math.min(columns.length - 1, now.column + 1) },
    Home: { ...now, column: 0 },
    End: { ...now, column: columns.length - 1 },
  }[event.key];
  if (next) {
    td.tabIndex = -1;
    at = next;
    cellAt(table, at).tabIndex = 0;
    cellAt(table, at).focus();
  } else if (event.key === "Enter" || event.key === " ") chosen(td, columns);
  else return;
  event.preventDefault();
}

function tell(td, subject, columns, shown) {
  if (!td) return;
  const column = columns[td.cellIndex - 1];
  const { index } = shown[td.parentNode.sectionRowIndex];
  const finding = column.story && column.story.found[index] >= 0 ? `: ${subject.findings[column.story.found[index]][0]}` : "";
  byId("told").textContent = td.dataset.told + finding;
}

function showMatrixChoice() {
  if (subjects.length < 2) return;
  byId("matrix-choice").replaceChildren(...subjects.map((one, index) =>
    make("button", { type: "button", class: "chip", "aria-pressed": String(index === whose), click: () => {
      whose = index;
      showMatrixChoice();
      showMatrix();
      byId("matrix-choice").children[index].focus();
    } }, one.subject)));
}
