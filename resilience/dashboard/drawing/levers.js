/* levers.js: the fields of the controls: choices, levers, groups of levers. They know nothing of the kernel.
 *
 * Nodes are kept by key, so that no update takes the focus or moves what a hand holds. Needs dom.js before it.
 */

const REST = 400; // ms without a key press after which a value is final

/** Make children follow a list: one node a key, made once; nodes move only when their order changed. */
function follow(parent, kept, items, keyOf, makeOne) {
  const wanted = items.map((item) => {
    const key = keyOf(item);
    if (!kept.has(key)) kept.set(key, makeOne(item));
    return kept.get(key).root;
  });
  if (wanted.length !== parent.children.length || wanted.some((node, i) => node !== parent.children[i])) parent.replaceChildren(...wanted);
}

/** A button that says what it does; the longer name, if any, begins with the words seen. */
function button(words, act, kind = "") {
  const node = make("button", { type: "button", class: kind }, words);
  node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && act());
  return node;
}

/** A button that cannot act keeps its place in the tab order, so that the focus is not lost when the last step is undone. */
function enable(node, yes, name) {
  put(node, "aria-disabled", yes ? null : "true");
  put(node, "aria-label", name ?? null);
}

/** A select with a label, whose options follow a list of [value, words]. */
function choice(act) {
  const id = fresh("choice");
  const label = make("label", { for: id });
  const select = make("select", { id });
  const why = make("p", { class: "small", id: fresh("why") });
  select.addEventListener("change", () => act(select.value));
  const root = make("div", { class: "field" }, label, select, why);
  let known = "";
  const update = (words, options, chosen, about) => {
    say(label, words);
    const found = JSON.stringify(options);
    if (found !== known) {
      known = found;
      select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
    }
    if (chosen !== undefined && select.value !== chosen) select.value = chosen;
    say(why, about);
    show(why, about);
    put(select, "aria-describedby", about ? why.id : null);
  };
  return { root, select, update };
}

/** The unit after a number: 12 people, 1 person. */
const unitOf = ({ suffix }, value) => (suffix === "people" && value === 1 ? "person" : suffix);

/** A number with its unit, as it is said: £420,000 · 30 % · 12 people. */
function inWords(spec, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "nothing";
  const figure = grouped(Math.abs(value), decimals(value));
  const unit = unitOf(spec, value);
  return `${value < 0 ? "−" : ""}${spec.prefix ?? ""}${figure}${unit ? ` ${unit}` : ""}`;
}

/** What a lever is set back to, and the figure of the file where the scenarios ticked have moved it. */
function whereFrom(spec) {
  const file = inWords(spec, spec.file);
  return spec.stands === spec.file ? `In the file: ${file}` : `Under the scenarios ticked: ${inWords(spec, spec.stands)}; in the file: ${file}`;
}

/** The number as it stands in the box, where it can be edited: a plain hyphen for minus. */
const inBox = (value) => (typeof value === "number" && Number.isFinite(value) ? grouped(value, decimals(value)).replace("−", "-") : "");

/** Describe a field by those texts that are shown: a hidden one that is named would be read out all the same. */
function describe(field, ...texts) {
  const ids = texts.filter((node) => !node.closest("[hidden]")).map((node) => node.id);
  put(field, "aria-describedby", ids.length ? ids.join(" ") : null);
}

/** The nodes of one lever. */
function leverNodes() {
  const ids = Object.fromEntries(["name", "box", "help", "fault", "file", "prefix", "suffix"].map((word) => [word, fresh(word)]));
  const [item, words] = [make("span", { class: "unseen" }), make("span")];
  const mark = make("span", { class: "changed-mark", hidden: true }, "changed");
  const label = make("label", { for: ids.box, id: ids.name }, item, words);
  const help = make("p", { class: "small", id: ids.help });
  const [prefix, suffix] = ["prefix", "suffix"].map((word) => make("span", { class: "unit", id: ids[word] }));
  const box = make("input", { id: ids.box, type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
  const range = make("input", { type: "range", "aria-labelledby": ids.name });
  const [faultWords, fileWords] = [make("span"), make("span", { id: ids.file })];
  const fault = make("p", { class: "fault", id: ids.fault, hidden: true }, make("strong", {}, "Problem: "), faultWords);
  const file = make("div", { class: "in-file", hidden: true }, fileWords);
  const steps = make("div", { class: "steps" }, make("span", { class: "number" }, prefix, box, suffix));
  const root = make("div", { class: "lever" }, make("div", { class: "lever-name" }, label, mark), help, fault, steps, range, file);
  return { root, item, words, mark, help, prefix, suffix, box, range, fault, faultWords, file, fileWords, steps };
}

/** One lever: number box, − and +, slider, the value in the file. `send` is {pass, final}: a value on its way, and one to stay. */
function lever(value, send) {
  const nodes = leverNodes();
  const { root, box, range } = nodes;
  const state = { spec: {}, title: "", value, moved: undefined, hand: false, typed: false, byKey: false, sent: null, timer: 0 };
  const name = () => `${state.title ? `${state.title}: ` : ""}${state.spec.label}`;
  // − and + stay out of the tab order: arrow keys do the same in the slider and in the box, with half as many stops.
  const step = (way) => {
    const node = make("button", { type: "button", class: "step", tabindex: "-1" }, way < 0 ? "−" : "+");
    node.addEventListener("click", () => nudge(way));
    return node;
  };
  const [less, more] = [step(-1), step(1)];
  nodes.steps.prepend(less);
  nodes.steps.append(more);
  const back = button("Put back", () => {
    settle();
    state.byKey = false;
    send.final(state.spec.stands);
    box.focus();
  }, "quiet");
  nodes.file.append(back);

  function picture(value) {
    state.value = value;
    state.typed = false;
    state.sent = box.value = inBox(value);
    say(nodes.suffix, unitOf(state.spec, value));
    if (range.value !== String(value)) range.value = value;
    put(range, "aria-valuetext", inWords(state.spec, value));
  }
  function move(value) {
    picture(value);
    state.moved = value;
    send.pass(value);
    clearTimeout(state.timer);
    if (!state.hand) state.timer = setTimeout(settle, REST);
  }
  function settle() {
    clearTimeout(state.timer);
    if (state.moved === undefined) return;
    const value = state.moved;
    state.moved = undefined;
    state.byKey = false;
    send.final(value);
  }
  function nudge(way) {
    const { low, high, step: size } = state.spec;
    const from = Number.isFinite(state.value) ? state.value : low;
    const wanted = Number((from + way * size).toFixed(6));
    const value = way > 0 ? Math.max(from, Math.min(high, wanted)) : Math.min(from, Math.max(low, wanted));
    if (value !== from) move(value);
  }
  function enter(byKey) {
    if (!state.typed && box.value === state.sent) return;
    state.typed = false;
    clearTimeout(state.timer);
    state.moved = undefined;
    state.sent = box.value;
    state.byKey = byKey;
    send.final(box.value, byKey);
  }
  range.addEventListener("pointerdown", () => (state.hand = true));
  for (const end of ["pointerup", "pointercancel"]) {
    range.addEventListener(end, () => setTimeout(() => ((state.hand = false), settle()), 0));
  }
  range.addEventListener("input", () => move(Number(range.value)));
  range.addEventListener("change", () => state.hand && ((state.hand = false), settle()));
  range.addEventListener("blur", settle);
  box.addEventListener("input", () => (state.typed = true));
  box.addEventListener("blur", () => (settle(), enter(false)));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      settle();
      enter(true);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !state.typed) {
      event.preventDefault();
      nudge(event.key === "ArrowUp" ? 1 : -1);
    }
  });

  function update(spec, title, problem, held) {
    Object.assign(state, { spec, title });
    say(nodes.item, title ? `${title}: ` : "");
    say(nodes.words, spec.label);
    say(nodes.help, spec.help);
    show(nodes.help, spec.help);
    say(nodes.prefix, spec.prefix);
    say(nodes.suffix, unitOf(spec, state.value));
    show(nodes.prefix, spec.prefix);
    show(nodes.suffix, spec.suffix);
    for (const [key, value] of [["min", spec.low], ["max", spec.high], ["step", spec.step > 0 ? spec.step : "any"]]) put(range, key, value);
    put(less, "aria-label", `Less: ${name()}`);
    put(more, "aria-label", `More: ${name()}`);
    put(back, "aria-label", `Put back: ${name()}`);
    show(nodes.mark, spec.changed);
    show(nodes.file, spec.changed || spec.stands !== spec.file);
    show(back, spec.changed);
    say(nodes.fileWords, whereFrom(spec));
    const free = !held && !state.hand && state.moved === undefined && !state.typed;
    complain(problem, free);
    describe(box, nodes.fault, nodes.prefix, nodes.suffix, nodes.help, nodes.fileWords);
    describe(range, nodes.fault, nodes.help, nodes.fileWords);
    if (free && !problem) picture(spec.value);
  }
  /** The problem in words by the field; what was typed stays. */
  function complain(problem, free) {
    put(nodes.fault, "role", state.byKey ? null : "alert"); // after Enter the list of problems takes the focus and says it
    show(nodes.fault, problem);
    say(nodes.faultWords, problem?.words);
    put(box, "aria-invalid", problem ? "true" : null);
    if (problem && free && box.value !== problem.entry) state.sent = box.value = String(problem.entry ?? "");
  }
  return { root, box, update, settle };
}

/** A group of levers: a heading that opens, the choice of the thing, the levers of that thing. */
function group(first, open, levers, makeLever, redraw) {
  const id = fresh("group");
  const [title, count] = [make("h3", { id }), make("span", { class: "count" })];
  const which = choice((value) => ((state.item = value), redraw()));
  const place = make("div", { class: "levers" });
  const root = make("details", { class: "group", open }, make("summary", {}, title, count), make("div", { role: "group", "aria-labelledby": id }, which.root, place));
  const state = { item: first.items?.[0]?.id };
  const update = (spec, all, problems, held) => {
    const items = spec.items ?? [];
    if (!items.some((item) => item.id === state.item)) state.item = items[0]?.id;
    const mine = all.filter((one) => one.group === spec.id);
    const changed = mine.filter((one) => one.changed).length;
    say(title, spec.title);
    say(count, changed ? `${changed} changed` : "");
    which.update(spec.choose ?? "Which", items.map((item) => [item.id, marked(item, mine)]), state.item, "");
    show(which.root, items.length > 1);
    const shown = mine.filter((one) => items.length < 1 || one.item === state.item);
    follow(place, levers, shown, (one) => one.address, makeLever);
    const title2 = items.length > 1 ? items.find((item) => item.id === state.item)?.title : "";
    for (const one of shown) levers.get(one.address).update(one, title2, problems.get(one.address), held(one.address));
  };
  const reveal = (item) => {
    root.open = true;
    state.item = item;
  };
  return { root, update, reveal };
}

/** An item's name in the choice, with the mark if one of its levers is changed. */
const marked = (item, levers) => `${item.title}${levers.some((one) => one.item === item.id && one.changed) ? " (changed)" : ""}`;
