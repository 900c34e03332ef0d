// views.js: the head of the page, the pools with their lines, the runs; and the start.
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
  delete drawViews[name]; // a view is drawn once
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
  const words = {
    DIRTY: "DIRTY: stored, not flushed",
    FLUSHED: "FLUSHED: flushed, not fenced",
    other: "other findings",
    clean: "no finding",
  };
  const legend = Object.entries(words).map(
    ([name, text]) => make("span", {}, make("i", { class: name }), text));
  section.append(make("p", { class: "legend" },
    "Each cell is a cache line of 64 bytes, and each row 4 KiB:", ...legend));
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
  if (!data.pools.length) section.append(make("p", { class: "nothing" }, "No run mapped a pool."));
  if (quiet.length) {
    const names = quiet.slice(0, 200).map(poolName);
    if (quiet.length > names.length) names.push("…");
    section.append(make("div", { class: "pool" },
      make("p", {}, `Nothing was found in ${plural(quiet.length, "pool")}:`),
      make("p", {}, names.join(", "))));
  }
}

function poolName([name, run]) {
  return run < 0 ? name : `${name} of ${data.runs[run][0]}`;
}

function makePool(pool) {
  const [, , bytes, spans] = pool;
  const lines = {};
  for (const [, number, state] of spans) lines[stateOf(state)] = (lines[stateOf(state)] || 0) + number;
  const parts = STATES.filter((state) => lines[state]).map((state) => `${count(lines[state])} ${state}`);
  const box = make("div", { class: "pool" }, make("h2", {}, poolName(pool)),
    make("p", {}, `${size(bytes)}, ${plural(Math.ceil(bytes / 64), "line")}: ${parts.join(", ")}`));
  if (bytes > LINES * 64) box.append(makeStrip(bytes, spans));
  drawRows(box, pool);
  return box;
}

// Draws the whole pool as a strip of bins.  Each bin has the colour of the worst state in it, and is
// fainter if fewer of its lines have findings.
function makeStrip(bytes, spans) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const total = Math.ceil(bytes / 64);
  const bins = Math.min(BINS, total);
  const found = new Map(); // bin -> [rank of the worst, lines]
  for (const [first, number, state] of spans) {
    const rank = STATES.indexOf(stateOf(state));
    const end = first + number;
    const width = total / bins; // lines
    for (let bin = Math.floor(first / width); bin < bins && bin * width < end; bin++) {
      const inside = Math.min(end, (bin + 1) * width) - Math.max(first, bin * width);
      const [worst, lines] = found.get(bin) || [rank, 0];
      found.set(bin, [Math.min(worst, rank), lines + inside]);
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
  svg.setAttribute("aria-hidden", "true"); // the rows below have the same information
  return svg;
}

// Draws the rows that have findings, some at a time, because there may be millions.
function drawRows(box, [, , bytes, spans]) {
  const rows = spans.map(([first, number]) => // [first row, last row] of each span
    [Math.floor(first / LINES), Math.floor((first + number - 1) / LINES)]);
  let left = 0;
  rows.forEach((span, at) => {
    if (at) span[0] = Math.max(span[0], rows[at - 1][1] + 1); // a row with two spans is drawn once
    left += Math.max(0, span[1] - span[0] + 1);
  });
  const more = make("button", { type: "button", class: "small" });
  let at = 0;
  let from = 0; // the first span that does not end before the next row
  const draw = () => {
    for (let drawn = 0; drawn < ROWS_SHOWN && left; drawn++, left--) {
      while (rows[at][0] > rows[at][1]) at++;
      const first = rows[at][0]++ * LINES;
      while (spans[from][0] + spans[from][1] <= first) from++;
      more.before(makeRow(first, Math.min(LINES, Math.ceil(bytes / 64) - first), spans, from));
    }
    more.hidden = !left;
    more.textContent = `Show more of ${plural(left, "row")}`;
  };
  more.addEventListener("click", draw);
  box.append(more);
  draw();
}

function makeRow(first, length, spans, from) {
  const cells = make("div", { class: "cells" });
  for (let line = first, at = from; line < first + length; line++) {
    while (at < spans.length && spans[at][0] + spans[at][1] <= line) at++;
    const marked = at < spans.length && spans[at][0] <= line;
    cells.append(marked ? makeCell(line, spans[at]) : make("i", { class: "clean" }));
  }
  return make("div", { class: "page" }, make("span", {}, hex(first * 64)), cells);
}

function makeCell(line, [, , state, number]) {
  const { home, title } = groups[number];
  const text = `${hex(line * 64)}: ${state || title}, ${home.fn} ${home.at}`;
  return make("button", {
    type: "button", class: stateOf(state), title: text, "aria-label": text,
    onclick: () => reveal(groups[number]),
  });
}

// ---- runs ----

function drawRuns(section) {
  const titles = [["File"], ["Pid", "number"], ["Command"], [""], ["Findings", "number"]]
    .map(([text, kind]) => make("th", { class: kind }, text));
  section.append(make("table", {}, make("thead", {}, make("tr", {}, ...titles)),
    make("tbody", {}, ...data.runs.map(makeRun))));
}

function makeRun([file, pid, command, ended, findings], number) {
  const button = make("button", {
    type: "button", class: "small", "aria-label": `Findings of ${file}: ${findings}`,
    onclick: () => filterRun(number),
  }, count(findings));
  return make("tr", {},
    make("td", {}, file),
    make("td", { class: "number" }, `${pid}`),
    make("td", {}, make("code", {}, command)),
    make("td", {}, make("span", { class: "bad" }, ended)),
    make("td", { class: "number" }, findings ? button : "0"));
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
  const early = data.runs.filter((run) => run[3]).length;
  if (early) parts.push(`, ${count(early)} of which ended early`);
  if (times !== groups.length) parts.push(`, seen ${plural(times, "time")}`);
  if (data.baseline) {
    const fresh = groups.filter((group) => group.fresh).length;
    parts.push("; since the baseline ", make("strong", {}, `${count(fresh)} new`),
      `, ${count(data.gone.length)} gone`);
    byId("new").textContent = `${count(fresh)} new`;
    byId("new").hidden = false;
  }
  byId("total").append(...parts);
  document.title = `${groups.length ? plural(groups.length, "finding") : "Nothing found"}: pmemcheck`;
  byId("version").textContent = `pmemcheck-report ${data.version}`;
  byId("problems").hidden = !data.problems.length;
  byId("problems").append(...data.problems.map((text) => make("p", {}, text)));
  byId("gone").hidden = !data.gone.length;
  const [summary, gone] = byId("gone").children;
  summary.textContent = `${plural(data.gone.length, "finding")} gone since the baseline`;
  gone.append(...data.gone.map(([kind, at]) => make("li", {}, `${kind} at ${at}`)));
}

drawHead();
fillControls();
listen();
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => showView(button.dataset.view));
}
update();
followHash();
