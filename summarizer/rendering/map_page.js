"use strict";
// Search and filters. Text is only ever read from the page, and nothing is written into it but a count.
const form = document.querySelector(".filters");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const items = [...document.querySelectorAll(".item")].map((element) => ({
  element,
  words: fold(element.textContent),
  status: element.dataset.status,
  states: [element, ...element.querySelectorAll("[data-source]")].filter((each) => "source" in each.dataset)
    .map((each) => ({ region: fold(each.dataset.region), source: fold(each.dataset.source) })),
}));
const rows = new Map(items.map((item) => [item.element.id, item]));
const edges = [...document.querySelectorAll(".edge")];
const nodes = [...document.querySelectorAll(".node")];
const pairs = items.filter((item) => item.element.id);

function fits(item, wanted) {
  if (!item.words.includes(wanted.words)) return false;
  if (wanted.status && item.status !== undefined && !item.status.split(" ").includes(wanted.status)) return false;
  if (!wanted.region && !wanted.source) return true;
  return item.states.some((state) => state.region.includes(wanted.region) && state.source.includes(wanted.source));
}

function apply() {
  const wanted = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, fold(value.trim())]));
  for (const item of items) item.element.hidden = !fits(item, wanted);
  for (const list of document.querySelectorAll(".line")) {
    list.hidden = list.previousElementSibling.hidden = !list.querySelector("li:not([hidden])");
  }
  const shown = new Set();
  for (const edge of edges) {
    const item = rows.get(edge.getAttribute("href").slice(1));
    edge.classList.toggle("off", item.element.hidden);
    if (!item.element.hidden) for (const name of item.element.querySelectorAll("th .name")) shown.add(name.textContent);
  }
  const all = !Object.values(wanted).some(Boolean);
  for (const node of nodes) node.classList.toggle("off", !all && !shown.has(node.dataset.name));
  form.querySelector("output").textContent = all ? "" :
    `${pairs.filter((item) => !item.element.hidden).length} of ${pairs.length} pairs`;
}

form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(apply));
for (const node of nodes) node.addEventListener("click", (event) => {
  event.preventDefault();
  form.elements.words.value = node.dataset.name;
  apply();
});
form.hidden = false;
