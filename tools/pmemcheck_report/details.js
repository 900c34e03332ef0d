// details.js: one finding, opened.
// SPDX-License-Identifier: GPL-2.0-or-later
const RUNS_SHOWN = 5;

function makeDetails(group) {
  const box = make("div", { class: "details", id: `details-${group.number}` });
  box.append(make("p", {}, group.what));
  const which = group.count > 1 ? "First one: " : "Where: ";
  if (group.first) box.append(make("p", { class: "soft" }, which, group.first));
  box.append(makeStack(group.stack, group.homeIndex));
  for (const [text, stack] of group.more) {
    if (stack < 0) box.append(make("p", { class: "soft" }, text));
    else box.append(make("h4", {}, text), makeStack(stack, ownFrame(stack)));
  }
  // Sorted by severity, the list shows the hint above the findings of the kind.
  if (group.hint && state.sort !== "severity") {
    box.append(make("p", {}, make("b", {}, "Hint: "), group.hint, "."));
  }
  box.append(makeRuns(group));
  if (group.suppression) box.append(...makeSuppression(group));
  const about = group.states ? `${group.name}, ${group.states}` : group.name;
  const address = make("a", { href: `#${group.id}` }, group.id);
  box.append(make("p", { class: "soft" }, `${about} · `, address));
  return box;
}

// RETURNS: the index of the first frame whose source is in the page, else 0.
function ownFrame(stack) {
  return Math.max(0, data.stacks[stack].findIndex((number) => frames[number].blocks));
}

function makeStack(stack, home) {
  const list = make("ol");
  data.stacks[stack].forEach((number, index) => {
    list.append(makeFrame(frames[number], index ? "by" : "at", index === home));
  });
  return list;
}

function makeFrame(frame, how, home) {
  const item = make("li", { class: home ? "frame home" : "frame" });
  const words = [make("span", { class: "word" }, how), make("b", {}, frame.fn), " ",
    make("span", { title: frame.path }, frame.at)];
  const lines = sourceLines(frame);
  if (!lines) {
    item.append(...words);
    return item;
  }
  const button = make("button", { type: "button", "aria-expanded": "false" }, ...words);
  const toggle = () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) item.lastChild.remove();
    else item.append(makeSource(frame, lines));
  };
  button.addEventListener("click", toggle);
  item.append(button);
  if (home) toggle();
  return item;
}

// RETURNS: [[line number, text], ...] around a frame's line, or null.
function sourceLines(frame) {
  const context = 3;
  const block = (frame.blocks || []).find(
    ([first, texts]) => first <= frame.line && frame.line < first + texts.length);
  if (!block) return null;
  const [first, texts] = block;
  return texts.map((text, index) => [first + index, text])
    .filter(([number]) => Math.abs(number - frame.line) <= context);
}

function makeSource(frame, lines) {
  const about = `${frame.path}, line ${frame.line}`;
  return make("div", { class: "source", role: "figure", "aria-label": about },
    ...lines.map(([number, text]) => make("div",
      { "data-line": number, class: number === frame.line && "here" }, text || " ")));
}

function makeRuns(group) {
  const list = make("ul");
  const show = (from, to) => group.runs.slice(from, to).forEach(([run, times]) => {
    const [file, pid, command] = data.runs[run];
    list.append(make("li", {}, `${file} `,
      make("span", { class: "soft" }, `pid ${pid}${command && ": "}${command}`,
        group.runs.length > 1 ? `, ${plural(times, "time")}` : "")));
  });
  show(0, RUNS_SHOWN);
  if (group.runs.length > RUNS_SHOWN) {
    const rest = make("button", { type: "button", class: "small" },
      `All ${count(group.runs.length)} runs`);
    rest.addEventListener("click", () => { rest.parentNode.remove(); show(RUNS_SHOWN); });
    list.append(make("li", {}, rest));
  }
  return make("div", {}, make("h4", {}, `In ${plural(group.runs.length, "run")}`), list);
}

function makeSuppression(group) {
  const raw = make("pre", { class: "raw" }, group.suppression);
  const button = make("button", { type: "button", class: "small" }, "Copy");
  button.addEventListener("click", async () => {
    button.textContent = (await copy(group.suppression, raw)) ? "Copied" : "Selected: press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return [make("div", { class: "with" }, make("h4", {}, "Suppression"), button), raw];
}

// RETURNS: whether the text is in the clipboard.  If a file:// page is refused, the text stays selected.
async function copy(text, element) {
  getSelection().selectAllChildren(element);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
