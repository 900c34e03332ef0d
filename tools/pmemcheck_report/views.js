// views.js: the head of the page, the pools' lines, the runs; and the start.
// SPDX-License-Identifier: GPL-2.0-or-later
const STATES = ["DIRTY", "FLUSHED", "other"]; // worst first
const LINES = 64; // in a row: 4096 bytes
const BINS = 240; // in a pool's strip
const ROWS_SHOWN = 16;
const POOLS_SHOWN = 30;
const drawViews = { pools: drawPools, runs: drawRuns };

function showView(name) {
  for (const button of document.querySelectorAll("[data-view]")) {
    press(button, button.dataset.view === name);
    byId(button.dataset.view).hidden = button.dataset.view !== name;
  }
  if (drawViews[name]) drawViews[name](byId(name));
  delete drawViews[name]; // drawn once
}

const stateOf = (state) => (STATES.includes(state) ? state : "other");
const hex = (number) => `0x${number.toString(16)}`;

function size(bytes) {
  for (const [unit, factor] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]]) {
    if (bytes >= factor) return `${(bytes / factor).toFixed(bytes % factor ? 1 : 0)} ${unit}`;
  }
  return plural(bytes, "byte");
}

// ---- pools ----

function drawPools(section) {
  const marked = data.pools.filter((pool) => pool[3].length);
  const words = { DIRTY: "DIRTY: stored, not flushed", FLUSHED: "FLUSHED: flushed, not fenced",
    other: "other findings", clean: "nothing found" };
  section.append(make("p", { class: "legend" }, "Each cell is a cache line of 64 bytes, each row 4 KiB:",
    ...Object.entries(words).map(([name, text]) => make("span", {}, make("i", { class: name }), text))));
  const more = make("button", { type: "button" });
  let drawnPools = 0;
  const draw = () => {
    const piece = marked.slice(drawnPools, drawnPools + POOLS_SHOWN);
    drawnPools += piece.length;
    more.before(...piece.map(makePool));
    more.hidden = drawnPools === marked.length;
    more.textContent = `Show more of ${plural(marked.length - drawnPools, "pool")}`;
  };
  more.addEventListener("click", draw);
  section.append(more);
  draw();
  const quiet = data.pools.filter((pool) => !pool[3].length);
  if (!data.pools.length) section.append(make("p", { class: "nothing" }, "No run named a pool."));
  if (quiet.length) {
    section.append(make("div", { class: "pool" }, make("p", {}, `Nothing was found in ${plural(quiet.length, "pool")}:`),
      make("p", {}, quiet.slice(0, 200).map((pool) => poolName(pool)).join(", ")
        + (quiet.length > 200 ? ", …" : ""))));
  }
}

function poolName([name, run]) {
  return run < 0 ? name : `${name} of ${data.runs[run][0]}`;
}

function makePool(pool) {
  const [, , bytes, spans] = pool;
  const lines = {};
  for (const [, number, state] of spans) lines[stateOf(state)] = (lines[stateOf(state)] || 0) + number;
  const told = STATES.filter((state) => lines[state]).map((state) => `${count(lines[state])} ${state}`);
  const box = make("div", { class: "pool" }, make("h2", {}, poolName(pool)),
    make("p", {}, `${size(bytes)}, ${plural(Math.ceil(bytes / 64), "line")}: ${told.join(", ")}`));
  if (bytes > LINES * 64) box.append(makeStrip(bytes, spans));
  drawRows(box, pool);
  return box;
}

// The whole pool in one strip: each bin has the colour of the worst that lies in it, and is the fainter
// the less of it that is.
function makeStrip(bytes, spans) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const total = Math.ceil(bytes / 64);
  const bins = Math.min(BINS, total);
  const found = new Map(); // bin -> [rank of the worst, lines]
  for (const [first, number, state] of spans) {
    const rank = STATES.indexOf(stateOf(state));
    for (let line = first; line < first + number; line++) {
      const bin = Math.min(bins - 1, Math.floor((line * bins) / total));
      const [worst, lines] = found.get(bin) || [rank, 0];
      found.set(bin, [Math.min(worst, rank), lines + 1]);
    }
  }
  for (const [bin, [rank, lines]] of found) {
    const rect = document.createElementNS(ns, "rect");
    const opacity = Math.max(0.4, Math.min(1, Math.sqrt((lines * bins) / total)));
    for (const [name, value] of Object.entries({
      x: bin, width: 1, height: 1, class: STATES[rank], "fill-opacity": opacity.toFixed(2),
    })) rect.setAttribute(name, value);
    svg.append(rect);
  }
  svg.setAttribute("viewBox", `0 0 ${bins} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "strip");
  svg.setAttribute("aria-hidden", "true"); // the rows below say the same
  return svg;
}

// The rows in which something lies, some at a time.
function drawRows(box, [, , bytes, spans]) {
  const rows = new Map(); // row -> cell -> [state, group]
  for (const [first, number, state, group] of spans) {
    for (let line = first; line < first + number; line++) {
      const row = Math.floor(line / LINES);
      if (!rows.has(row)) rows.set(row, new Map());
      rows.get(row).set(line % LINES, [state, group]);
    }
  }
  const waiting = [...rows.keys()];
  const more = make("button", { type: "button", class: "small" });
  const draw = () => {
    for (const row of waiting.splice(0, ROWS_SHOWN)) {
      more.before(makeRow(row, rows.get(row), Math.ceil(bytes / 64)));
    }
    more.hidden = !waiting.length;
    more.textContent = `Show more of ${plural(waiting.length, "row")}`;
  };
  more.addEventListener("click", draw);
  box.append(more);
  draw();
}

function makeRow(row, cells, total) {
  const grid = make("div", { class: "cells" });
  for (let cell = 0; cell < Math.min(LINES, total - row * LINES); cell++) {
    if (!cells.has(cell)) {
      grid.append(make("i", { class: "clean" }));
      continue;
    }
    const [state, number] = cells.get(cell);
    const { home } = groups[number];
    const text = `${hex((row * LINES + cell) * 64)}: ${state || groups[number].title}, ${home.fn} ${home.at}`;
    grid.append(make("button", { type: "button", class: stateOf(state), title: text, "aria-label": text,
      onclick: () => reveal(groups[number]) }));
  }
  return make("div", { class: "page" }, make("span", {}, hex(row * LINES * 64)), grid);
}

// ---- runs ----

function drawRuns(section) {
  const rows = data.runs.map(([file, pid, command, ended, findings], number) => make("tr", {},
    make("td", {}, file), make("td", { class: "number" }, `${pid}`), make("td", {}, make("code", {}, command)),
    make("td", {}, make("span", { class: ended && "bad" }, ended)),
    make("td", { class: "number" }, findings ? make("button", { type: "button", class: "small",
      "aria-label": `Findings of ${file}: ${findings}`, onclick: () => filterRun(number) }, count(findings)) : "0")));
  section.append(make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, "File"),
    make("th", { class: "number" }, "Pid"), make("th", {}, "Command"), make("th", {}, ""),
    make("th", { class: "number" }, "Findings"))), make("tbody", {}, ...rows)));
}

function filterRun(number) {
  clearFilters();
  state.run = number;
  byId("run").textContent = `${data.runs[number][0]} ✕`;
  byId("run").hidden = false;
  showView("findings");
  update();
}

// ---- the start ----

function drawHead() {
  const times = groups.reduce((sum, group) => sum + group.count, 0);
  const parts = [make("strong", {}, groups.length ? plural(groups.length, "finding") : "Nothing found"),
    ` in ${plural(data.runs.length, "run")}`];
  if (times !== groups.length) parts.push(`, seen ${plural(times, "time")}`);
  if (data.baseline) {
    const fresh = groups.filter((group) => group.fresh).length;
    parts.push("; since the baseline ", make("strong", {}, `${count(fresh)} new`), `, ${count(data.gone.length)} gone`);
    byId("new").hidden = false;
  }
  byId("total").append(...parts);
  byId("version").textContent = `pmemcheck-report ${data.version}`;
  byId("problems").hidden = !data.problems.length;
  byId("problems").append(...data.problems.map((text) => make("p", {}, text)));
  byId("gone").hidden = !data.gone.length;
  byId("gone").firstChild.textContent = `${plural(data.gone.length, "finding")} gone since the baseline`;
  byId("gone").lastChild.append(...data.gone.map(([kind, at]) => make("li", {}, `${kind} at ${at}`)));
}

drawHead();
fillControls();
listen();
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => showView(button.dataset.view));
}
update();
followHash();
