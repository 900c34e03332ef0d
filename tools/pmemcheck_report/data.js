// data.js: the data of the page, and a function that makes elements.  page.py describes the tables.
// SPDX-License-Identifier: GPL-2.0-or-later
const data = JSON.parse(document.getElementById("data").textContent);
const word = (number) => (number < 0 ? "" : data.words[number]);
const byId = (id) => document.getElementById(id);
const count = (number) => number.toLocaleString("en");
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

// RETURNS: an element.  Children that are strings stay text, even if they look like HTML.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const frames = data.frames.map(([fn, file, line, obj, path, ip]) => ({
  fn: word(fn) || "???",
  // As in Valgrind's text: the file and line, else the object.
  at: file >= 0 ? word(file) + (line ? `:${line}` : "") : obj >= 0 ? `in ${word(obj)}` : word(ip),
  path: word(path), line, blocks: data.sources[path],
}));
const nowhere = { fn: "(no stack)", at: "", path: "", line: 0 };

const groups = data.groups.map(([kind, what, stack, home, more, count, bytes, states, runs, fresh,
  first, suppression, id, hint], number) => {
  const [name, severity, title, usual] = data.kinds[kind];
  return {
    number, kind, name, severity, title, hint: usual || hint || "", what, stack, more, count, bytes,
    states, runs, fresh: fresh === 1, first, suppression, id,
    home: frames[data.stacks[stack][home]] || nowhere, homeIndex: home,
  };
});

// RETURNS: the text that the filter searches in a finding, in lower case.  Made at the first use.
function haystack(group) {
  if (!group.haystack) {
    const words = [group.name, group.title, group.what, group.first, group.states];
    const stacks = [group.stack, ...group.more.map((one) => one[1])];
    for (const stack of stacks) {
      for (const number of data.stacks[stack] || []) {
        const frame = frames[number];
        words.push(frame.fn, frame.path, frame.at);
      }
    }
    words.push(...group.more.map((one) => one[0]), ...group.runs.map(([run]) => data.runs[run][0]));
    group.haystack = words.join("\n").toLowerCase();
  }
  return group.haystack;
}
