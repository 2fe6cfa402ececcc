"use strict";
// Which marks are coloured, and what a passage has been judged to be. The page is complete without this script.
const data = JSON.parse(document.getElementById("data").textContent);
const order = ["wrong", "missed", "found", "open"];
const passages = [...document.querySelectorAll(".m")];
const here = document.getElementById("here");
let last = -1;

const ticked = (id) => new Set([...document.querySelectorAll(`#${id} input:checked`)].map((box) => box.value));
const marksOf = (passage) => {
  const all = data.files[Number(passage.closest(".text").dataset.file)];
  return passage.dataset.m.split(" ").map((i) => all[Number(i)]);
};

function colour() {
  const layers = ticked("layers"), verdicts = ticked("verdicts");
  for (const passage of passages) {
    const shown = marksOf(passage).filter(([layer, verdict]) => layers.has(layer) && verdicts.has(verdict));
    passage.classList.remove(...order);
    const worst = order.find((verdict) => shown.some((mark) => mark[1] === verdict));
    if (worst) passage.classList.add(worst);
  }
  for (const item of document.querySelectorAll(".nowhere li"))
    item.hidden = !layers.has(item.dataset.layer) || !verdicts.has(item.dataset.verdict);
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function both(className, words) {
  const made = element("span", className);
  for (const lang of ["zh", "en"]) made.append(element("span", lang, words[lang]));
  return made;
}

function show(passage) {
  const layers = ticked("layers"), verdicts = ticked("verdicts");
  document.querySelector(".m.here")?.classList.remove("here");
  passage.classList.add("here");
  last = passages.indexOf(passage);
  here.replaceChildren();
  for (const [layer, verdict, key, what] of marksOf(passage)) {
    if (!layers.has(layer) || !verdicts.has(verdict)) continue;
    const line = element("p");
    line.append(both(`chip ${verdict}`, data.words[verdict]), " ", both("", data.words[layer]), " ");
    if (key) line.append(both("", data.words[key] ?? { zh: key, en: key }), " ");
    line.append(element("br"), what);
    here.append(line);
  }
}

const errorsOf = (passage) => {
  const shown = passage.dataset.m.split(" "), judged = marksOf(passage);
  return `${passage.closest(".text").dataset.file}:${shown.filter((_, i) => ["missed", "wrong"].includes(judged[i][1]))}`;
};

function next() {
  const seen = last < 0 ? "" : errorsOf(passages[last]);  // one error may be several passages
  for (let step = 1; step <= passages.length; step += 1) {
    const passage = passages[(last + step) % passages.length];
    if (passage.matches(".missed, .wrong") && (errorsOf(passage) !== seen || step === passages.length)) {
      passage.closest("details").open = true;
      passage.scrollIntoView({ block: "center" });
      show(passage);
      return;
    }
  }
}

document.getElementById("language").addEventListener("click", () => {
  const root = document.documentElement;
  root.lang = root.lang === "zh" ? "en" : "zh";
  document.title = data.title[root.lang];
});
document.getElementById("next").addEventListener("click", next);
document.getElementById("layers").addEventListener("change", colour);
document.getElementById("verdicts").addEventListener("change", colour);
document.getElementById("documents").addEventListener("click", (event) => {
  const passage = event.target.closest(".m");
  if (passage) show(passage);
});
