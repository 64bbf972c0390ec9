// Elements from values. Text only ever becomes text nodes: nothing that a client said is markup.

const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((one) => one !== null && one !== undefined));
  return element;
}

const make = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);

const draw = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

const byId = (id) => document.getElementById(id);

const plural = (number, word, words) => `${number} ${number === 1 ? word : words}`;

// A verdict with its sign, so that it is told without colour too.
const SIGNS = { F: "✗", A: "!", I: "?", N: "○", P: "✓", X: "–", W: "≈", ".": "" };

const pill = (letter, word) =>
  make("span", { class: `pill v-${letter}` }, make("span", { "aria-hidden": "true" }, SIGNS[letter]), make("span", { class: "word" }, ` ${word}`));

// Text to be copied, with a button that does it.
function copied(text, name) {
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${name}` }, "copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = "selected";
    }
  });
  const block = make("pre", { tabindex: "0", "aria-label": name }, text);
  return make("div", { class: "copied" }, block, button);
}

const folded = (title, ...content) =>
  make("details", {}, make("summary", {}, title), ...content);
