// list.js: filters and sorts the findings and draws them piece by piece; handles the keys.
// SPDX-License-Identifier: GPL-2.0-or-later
const PIECE = 100;
const list = byId("list");
const state = {
  severities: new Set(["bug", "risk", "cost"]), words: [], kind: -1, file: "", fresh: false, run: -1,
  sort: "severity", down: false,
};
let shown = groups; // those that pass the filters, in order
let drawn = 0; // how many of them are drawn

const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const sorts = {
  severity: ["Severity", () => 0], // the order of the data: worst first
  place: ["Place", (a, b) => byText(a.home.path, b.home.path) || a.home.line - b.home.line],
  count: ["Times", (a, b) => b.count - a.count],
  bytes: ["Bytes", (a, b) => b.bytes - a.bytes],
  runs: ["Runs", (a, b) => b.runs.length - a.runs.length],
};

function passes(group) {
  return state.severities.has(group.severity)
    && (state.kind < 0 || group.kind === state.kind)
    && (!state.file || group.home.path === state.file)
    && (!state.fresh || group.fresh)
    && (state.run < 0 || group.runs.some(([run]) => run === state.run))
    && state.words.every((one) => haystack(group).includes(one));
}

// Draws the list from scratch.
function update() {
  shown = groups.filter(passes);
  const order = sorts[state.sort][1];
  shown.sort((a, b) => order(a, b) || a.number - b.number);
  if (state.down) shown.reverse();
  drawn = 0;
  list.replaceChildren();
  const bytes = shown.reduce((sum, group) => sum + group.bytes, 0);
  byId("shown").textContent = shown.length === groups.length ? plural(groups.length, "finding")
    : `${count(shown.length)} of ${plural(groups.length, "finding")}`;
  if (bytes) byId("shown").textContent += `, ${plural(bytes, "byte")}`;
  if (!shown.length) {
    list.append(make("li", { class: "nothing" },
      groups.length ? "No finding passes the filters." : "Nothing was found."));
  }
  drawMore();
}

function drawMore() {
  const piece = document.createDocumentFragment();
  const end = Math.min(drawn + PIECE, shown.length);
  for (; drawn < end; drawn++) {
    const group = shown[drawn];
    if (state.sort === "severity" && (!drawn || shown[drawn - 1].kind !== group.kind)) {
      piece.append(makeKind(group));
    }
    piece.append(makeGroup(group));
  }
  list.append(piece);
  const button = byId("more").firstChild;
  button.hidden = drawn === shown.length;
  button.textContent = `Show more of ${count(shown.length - drawn)}`;
}

function makeKind(group) {
  return make("li", { class: "kind" },
    make("h2", {}, make("span", { class: `tag ${group.severity}` }, group.severity), group.title),
    group.hint ? make("p", {}, `${group.hint[0].toUpperCase()}${group.hint.slice(1)}.`) : "");
}

function makeGroup(group) {
  const byKind = state.sort === "severity";
  const head = make("button", {
    type: "button", class: "head", "aria-expanded": "false", "data-number": group.number,
  });
  if (!byKind) {
    head.append(make("span", { class: "name" },
      make("span", { class: `tag ${group.severity}` }, group.severity), " ", group.title));
  }
  head.append(make("span", { class: "at" }, make("b", {}, group.home.fn), " ",
    make("span", { title: group.home.path }, group.home.at)));
  if (group.fresh) head.append(make("span", { class: "tag fresh" }, "new"));
  head.append(make("span", { class: "state" }, group.states),
    make("span", { class: "number" }, `${count(group.count)}×`),
    make("span", { class: "number" }, group.bytes ? `${count(group.bytes)} B` : ""));
  if (data.runs.length > 1) {
    head.append(make("span", { class: "number" }, plural(group.runs.length, "run")));
  }
  head.addEventListener("click", () => toggle(head));
  return make("li", { class: "group" }, make("h3", {}, head));
}

function toggle(head) {
  const open = head.getAttribute("aria-expanded") === "true";
  const item = head.closest(".group");
  head.setAttribute("aria-expanded", String(!open));
  if (open) item.lastChild.remove();
  else item.append(makeDetails(groups[head.dataset.number]));
}

// Shows one finding, even if the filters hid it.
function reveal(group) {
  if (!passes(group)) clearFilters();
  showView("findings");
  while (drawn <= shown.indexOf(group)) drawMore();
  const head = list.querySelector(`[data-number="${group.number}"]`);
  if (head.getAttribute("aria-expanded") === "false") toggle(head);
  head.focus();
  head.scrollIntoView({ block: "start" });
}

// ---- the controls ----

function press(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
}

function clearFilters() {
  Object.assign(state, { words: [], kind: -1, file: "", fresh: false, run: -1 });
  state.severities = new Set(["bug", "risk", "cost"]);
  byId("text").value = "";
  byId("kind").value = "-1";
  byId("file").value = "";
  byId("run").hidden = true;
  press(byId("new"), false);
  for (const button of byId("severities").children) press(button, true);
  update();
}

function fillControls() {
  for (const severity of state.severities) {
    const number = groups.filter((group) => group.severity === severity).length;
    if (!number) continue;
    const button = make("button", { type: "button", class: severity, "aria-pressed": "true" },
      plural(number, severity));
    button.addEventListener("click", () => {
      const on = !state.severities.delete(severity);
      if (on) state.severities.add(severity);
      press(button, on);
      update();
    });
    byId("severities").append(button);
  }
  const kinds = byId("kind");
  kinds.append(make("option", { value: "-1" }, "All kinds"));
  data.kinds.forEach(([, , title], number) => kinds.append(make("option", { value: number }, title)));
  const files = new Map();
  for (const group of groups) {
    if (group.home.path) files.set(group.home.path, (files.get(group.home.path) || 0) + 1);
  }
  byId("file").append(make("option", { value: "" }, "All files"),
    ...[...files].sort((a, b) => byText(a[0], b[0])).map(
      ([path, number]) => make("option", { value: path }, `${path} (${count(number)})`)));
  for (const [name, [title]] of Object.entries(sorts)) {
    const pressed = String(name === state.sort);
    const button = make("button", { type: "button", "aria-pressed": pressed }, title);
    button.addEventListener("click", () => {
      state.down = state.sort === name && !state.down;
      state.sort = name;
      for (const other of byId("sorts").children) {
        press(other, other === button);
        other.textContent = other.textContent.replace(/ [↑↓]$/, "");
      }
      button.textContent = state.down ? `${title} ↑` : `${title} ↓`;
      update();
    });
    byId("sorts").append(button);
  }
}

function listen() {
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("text").addEventListener("input", (event) => {
    state.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    update();
  });
  byId("kind").addEventListener("change", (event) => {
    state.kind = Number(event.target.value);
    update();
  });
  byId("file").addEventListener("change", (event) => {
    state.file = event.target.value;
    update();
  });
  byId("new").addEventListener("click", (event) => {
    state.fresh = !state.fresh;
    press(event.target, state.fresh);
    update();
  });
  byId("run").addEventListener("click", (event) => {
    state.run = -1;
    event.target.hidden = true;
    update();
  });
  const more = byId("more").firstChild;
  more.addEventListener("click", drawMore);
  const watcher = new IntersectionObserver((entries) => {
    if (!entries[entries.length - 1].isIntersecting || more.hidden) return;
    drawMore();
    watch(); // the new piece may not fill the window
  }, { rootMargin: "600px" });
  const watch = () => { watcher.disconnect(); watcher.observe(byId("more")); };
  watch();
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", followHash);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    showView("findings");
    byId("text").focus();
  } else if (event.key === "Escape" && event.target === byId("text")) {
    event.target.value = "";
    event.target.dispatchEvent(new Event("input"));
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.tagName !== "SELECT" && step(event.target, event.key === "ArrowDown" ? 1 : -1)) {
      event.preventDefault();
    }
  }
}

// Moves the focus to the next or the previous finding.  RETURNS: whether there was one.
function step(from, by) {
  const here = from.closest(".group");
  if (!here && from !== byId("text")) return false;
  let next = here ? here : list;
  if (!here) next = by > 0 ? list.querySelector(".group") : null;
  else do next = by > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && !next.matches(".group"));
  if (!next && here && by > 0 && drawn < shown.length) {
    drawMore();
    return step(from, by);
  }
  if (!next && here && by < 0) byId("text").focus();
  if (next) next.querySelector(".head").focus();
  return Boolean(next || here);
}

function followHash() {
  const group = groups.find((one) => one.id === location.hash.slice(1));
  if (group) reveal(group);
}
