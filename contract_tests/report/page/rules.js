// The rules by their groups, a verdict for each subject; a rule opens to what helps to mend it.

const openRules = new Set();

function exampleOf(ruling) {
  const files = Object.entries(ruling.example?.files ?? {});
  return [
    ruling.example ? copied(ruling.example.replay, "the command that replays it") : null,
    files.map(([name, text]) => folded(name, copied(text, name))),
  ];
}

function verdictOf(subject, ruling) {
  const more = ruling.broken.length - 1;
  return make("div", { class: "ruling" },
    make("p", {}, pill(ruling.letter, ruling.word), subjects.length > 1 ? make("strong", {}, ` ${subject.subject}`) : null,
      ` broken in ${plural(ruling.broken.length, "story", "stories")}, kept in ${ruling.kept}`),
    make("dl", {},
      ruling.waived ? [make("dt", {}, "waived"), make("dd", {}, ruling.waived)] : null,
      ruling.expected ? [make("dt", {}, "expected"), make("dd", {}, ruling.expected)] : null,
      ruling.seen ? [make("dt", {}, "seen"), make("dd", { class: `seen t-${ruling.letter}` }, ruling.seen)] : null,
      ruling.deciding ? [make("dt", {}, "story"), make("dd", {}, subject.byStory.has(ruling.deciding) ? storyButton(ruling.deciding) : ruling.deciding,
        more > 0 ? folded(`and ${more} more`, make("ul", { class: "names" }, ruling.broken.filter((one) => one !== ruling.deciding).map((one) => make("li", {}, storyButton(one))))) : null)] : null),
    exampleOf(ruling));
}

function detailsOf(rule) {
  const having = subjects.filter((one) => one.byRule.has(rule.id));
  return make("div", { class: "details" },
    having.map((one) => verdictOf(one, one.byRule.get(rule.id))),
    make("dl", {},
      make("dt", {}, "why"), make("dd", {}, rule.why),
      rule.mend.length ? [make("dt", {}, "mend"), make("dd", {}, make("ul", {}, rule.mend.map((one) => make("li", {}, one))))] : null,
      make("dt", {}, "source"), make("dd", {}, rule.source)));
}

function rowsOf(rule) {
  const isOpen = openRules.has(rule.id);
  const id = `rule-${rule.id}`;
  const button = make("button", { type: "button", class: "rule", "aria-expanded": String(isOpen), "aria-controls": id, click: () => {
    if (!openRules.delete(rule.id)) openRules.add(rule.id);
    const open = openRules.has(rule.id);
    button.setAttribute("aria-expanded", String(open));
    details.hidden = !open;
    if (open && !place.childElementCount) place.append(detailsOf(rule));
  } }, make("span", { class: "rule-number" }, rule.number), make("span", {}, make("strong", {}, rule.id), make("span", { class: "title" }, ` ${rule.title}`)));
  const place = make("td", { colspan: subjects.length + 2 }, isOpen ? detailsOf(rule) : null);
  const details = make("tr", { id, hidden: !isOpen }, place);
  const pills = subjects.map((one) => {
    const ruling = one.byRule.get(rule.id);
    return make("td", {}, ruling ? pill(ruling.letter, ruling.word) : make("span", { class: "dim" }, "not judged"));
  });
  return [make("tr", { class: "rule-row", "data-rule": rule.id }, make("th", { scope: "row" }, button), make("td", { class: "dim grade" }, rule.grade), pills), details];
}

function showRules() {
  const shown = rules.filter(isRuleShown);
  byId("shown").textContent = `${shown.length} of ${plural(rules.length, "rule", "rules")}`;
  const groups = [...new Set(shown.map((one) => one.group))];
  const heads = ["rule", "grade", ...subjects.map((one) => one.subject)];
  byId("rules").replaceChildren(make("div", { class: "scroll" }, make("table", { class: "rules" },
    make("thead", {}, make("tr", {}, heads.map((one) => make("th", { scope: "col" }, one)))),
    groups.map((group) => make("tbody", {},
      make("tr", {}, make("th", { scope: "rowgroup", colspan: heads.length, class: "group" }, group)),
      shown.filter((one) => one.group === group).map(rowsOf))))));
}
