/* full_cost.js: the widget of full cost recovery: the answer, a price, rule sets, and the grid of figures.
 *
 * Exports {render}. Every sum and sentence comes from Python (model.get("view")); while a figure cannot be read there are none.
 * Needs dom.js, messages.js, levers.js, figure.js, parts.js, waterfall.js and grid.js before it.
 */

const LARGEST = 600000; // bytes of a workbook that is brought; the kernel looks again

const WIDE = matchMedia("(min-width: 62.5em)"); // there the grid stands beside what it comes to, and opens of itself

/** A table of a title and rows of two columns, as workings are. */
function workingTable([title, rows]) {
  const id = fresh("working");
  const body = rows.map(([name, amount]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, amount ?? "")));
  return make("div", { class: "working-part" }, make("h3", { id }, title), make("table", { "aria-labelledby": id }, make("tbody", {}, ...body)));
}

/** What it comes to: sentences, a row a dock, and the working of each figure. */
function comesToPart() {
  const note = make("p", { class: "note" });
  const said = make("div", { class: "headline" });
  const [docks, units] = [tableBox(), tableBox()];
  const workings = make("div", { class: "workings" });
  const basis = make("div", { class: "small" });
  const part = section("answer", "What it comes to", note, said, docks.root, workings, units.root, basis);
  let known = "";
  const update = ({ results: found, faults, others, standing }) => {
    const wrong = Object.keys(faults).length;
    say(note, found ? "" : `Not worked out: ${wrong ? `${wrong === 1 ? "a figure" : `${wrong} figures`} cannot be read` : others.join(" ")}.`.replace("..", "."));
    show(note, !found);
    put(note, "class", "note preview");
    for (const node of [said, docks.root, workings, units.root, basis]) show(node, found);
    if (!found) return;
    sayEach(said, "p", found.said);
    sayEach(basis, "p", standing.basis);
    docks.fill(found.docks);
    units.fill(found.units);
    const words = JSON.stringify(found.working);
    if (words === known) return;
    known = words;
    const open = new Set([...workings.children].filter((node) => node.open).map((node) => node.dataset.dock));
    workings.replaceChildren(...found.working.map(([name, title, parts]) => make("details", { "data-dock": name, open: open.has(name) }, make("summary", {}, `How the full cost of ${title} came about`), ...parts.map(workingTable))));
  };
  return { root: part.root, update };
}

/** The price of one service: its terms, sentences, the way from direct cost to price, and its years. */
function pricePart(send) {
  const dock = choice((name) => send("dock", name));
  const term = (name, words, example) => {
    const ids = { box: fresh(name), fault: fresh("fault"), help: fresh("help") };
    const box = make("input", { id: ids.box, type: "text", autocomplete: "off", spellcheck: "false" });
    const fault = make("p", { class: "fault", id: ids.fault, hidden: true });
    const help = make("p", { class: "small", id: ids.help }, example);
    box.addEventListener("change", () => send(name, box.value));
    const root = make("div", { class: "field" }, make("label", { for: ids.box }, words), box, help, fault);
    const update = (entry, problem) => {
      if (document.activeElement !== box) box.value = entry;
      say(fault, problem ? `Problem: ${problem}` : "");
      show(fault, problem);
      put(box, "aria-invalid", problem ? "true" : null);
      describe(box, help, fault);
    };
    return { root, box, update };
  };
  const terms = {
    term: term("term", "Term in months", "Empty: of its bid, else 12"),
    margin: term("margin", "Margin", "Added to the full cost, like 5 %"),
    uplift: term("uplift", "Rise each April", "Empty: as its terms say"),
  };
  const [said, years, figure] = [make("div", { class: "said" }), tableBox(), waterfall()];
  const form = make("form", { class: "terms", novalidate: true }, dock.root, ...Object.values(terms).map((one) => one.root));
  form.addEventListener("submit", (event) => event.preventDefault());
  const details = make("details", {}, make("summary", {}, "The price year by year"), years.root);
  const part = section("price", "The price that recovers it", form, said, figure.root, details);
  const update = (view) => {
    const found = view.results?.price;
    dock.update("Service", view.docks, view.dock);
    for (const [name, one] of Object.entries(terms)) one.update(view.terms[name], view.faults[`price.${name}`]);
    for (const node of [said, details]) show(node, found);
    figure.update(found?.chart ?? null, true);
    sayEach(said, "p", found?.said);
    if (found) years.fill(found.years);
  };
  return { root: part.root, update, terms };
}

/** The same costs under the rules of funders. */
function rulesPart() {
  const [said, table, sources] = [make("div", { class: "said" }), tableBox(), make("ul")];
  const part = section("rules", "Under the rules of funders", said, table.root, make("details", { class: "reasons" }, make("summary", {}, "The rule sets and their sources"), sources));
  const update = ({ results, standing }) => {
    const found = results?.rules;
    show(part.root, found);
    if (!found) return;
    table.fill(found.table);
    sayEach(said, "p", [standing.rules, ...found.said]);
    sayEach(sources, "li", standing.sources);
  };
  return { root: part.root, update };
}

/** Workbooks down and up, and the faults of one that was brought: where, what stands there, what is wrong. */
function workbooksPart(act, failed) {
  const files = [["The working, with live formulas (Excel)", "working"], ["This organisation as a workbook (Excel)", "workbook"], ["This organisation as a file (TOML)", "file"]];
  const saved = make("p", { class: "small", role: "status" });
  const buttons = files.map(([words, what]) => button(words, () => act({ do: "download", what })));
  const id = fresh("bring");
  const box = make("input", { id, type: "file", "aria-describedby": `${id}-help` });
  box.accept = ".xlsx";
  const help = make("p", { class: "small", id: `${id}-help` }, "A workbook from “This organisation as a workbook”, filled in. It is read here and goes nowhere else.");
  const faults = tableBox();
  show(faults.root, false);
  box.addEventListener("change", async () => {
    const file = box.files[0];
    if (!file) return;
    failed("");
    if (file.size > LARGEST) failed(`The workbook is larger than ${LARGEST / 1000} kB: more than the template can need.`);
    else act({ do: "bring", name: file.name }, [await file.arrayBuffer()]);
    box.value = "";
  });
  const brought = ({ name, faults: found, remarks }) => {
    show(faults.root, found.length);
    const left = remarks.length ? ` ${remarks.join(". ")}.` : "";
    say(saved, found.length ? `${name} is not taken up: ${found.length === 1 ? "1 fault" : `${found.length} faults`}.${left}` : `${name} is taken up.${left}`);
    faults.fill({ caption: `Faults of ${name}`, head: ["cell", "what stands there", "what is wrong"], rows: found.map(([where, value, problem, fix]) => [where, value, `${problem}; ${fix}`]) });
    if (found.length) faults.root.focus();
  };
  const arrived = (file, bytes) => {
    save(file, bytes);
    say(saved, `Saved: ${file.name}`);
  };
  const root = make("div", { class: "downloads" }, make("h3", {}, "Workbooks"), ...buttons, make("label", { for: id }, "Bring a workbook"), box, help, saved, faults.root);
  return { root, arrived, brought };
}

/** Draw the page once; then keep it in step with the view. */
function render({ model, el }) {
  const view = () => model.get("view") && { ...model.get("view"), ...model.get("grid"), standing: model.get("standing") };
  const [failed, lost, working] = [alertPart(), alertPart(), make("span", { class: "working", role: "status" })];
  const busy = progress((words) => say(working, words));
  let watch = null;
  const talk = link(model, { sent: busy.sent, drawn: busy.drawn, lost: () => watch?.gone() });
  const change = (message) => (failed.tell(""), talk.change(message));
  const sections = new Map();
  const cellOf = (place) => [...sections.values()].map((one) => one.cells.get(place)).find(Boolean);
  const [title, mark, under] = [make("span"), make("span", { class: "changed-mark", hidden: true }, "changed"), make("p", { class: "under" }, "What its services cost in full, who pays, and the price that recovers it")];
  const header = make("header", { class: "title" }, make("h1", {}, title, " ", mark), under);
  const comesTo = comesToPart();
  const price = pricePart((name, value) => change({ do: "price", name, value }));
  const rules = rulesPart();
  const problems = problemPart(goTo);
  const steps = historyPart(change);
  const changedList = make("ul");
  const changed = make("details", { class: "changes" }, make("summary", {}, "What is changed"), changedList);
  const place = make("div", { class: "groups" });
  const workbooks = workbooksPart((message, buffers) => model.send({ ...message, seq: ++shared.seq }, undefined, buffers), failed.tell);
  const form = make("form", { novalidate: true }, steps.root, changed, place, workbooks.root);
  form.addEventListener("submit", (event) => event.preventDefault());
  const id = fresh("heading");
  const head = make("div", { class: "controls-head" }, make("h2", { id }, "The figures"), working);
  lost.root.append(button("Reload", () => location.reload(), "main"));
  const controls = make("section", { class: "controls", "aria-labelledby": id }, head, lost.root, failed.root, problems.root, form);
  const manifest = make("p", { class: "manifest" });
  const status = make("p", { class: "status unseen", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "resilience-sheet full-cost" }, header, comesTo.root, make("div", { class: "slot" }, controls), make("div", { class: "charts" }, price.root, rules.root, manifest), status);
  el.append(root);

  /** Open what hides a cell, and put the focus into it. */
  function goTo(address) {
    const box = address.startsWith("price.") ? price.terms[address.slice(6)]?.box : cellOf(address)?.box;
    const hidden = box?.closest("details");
    if (hidden) hidden.open = true;
    box?.focus();
  }
  function update() {
    const now = view();
    if (!now?.sections) return;
    say(title, now.title);
    show(mark, now.changes);
    follow(place, sections, now.sections, (one) => one.id, (one) => gridSection(one.id === "costs" && WIDE.matches, (address, value) => change({ do: "set", address, value })));
    for (const one of now.sections) sections.get(one.id).update(one, now);
    for (const part of [comesTo, price, rules]) part.update(now);
    problems.update(Object.entries(now.faults).map(([address, words]) => ({ address, words: `${cellOf(address)?.box?.getAttribute("aria-label") ?? address.replace("price.", "price, ")}: ${words}` })));
    steps.update(now);
    sayEach(changedList, "li", now.changed);
    show(changed, now.changed.length);
    say(manifest, now.results?.manifest);
    announce(status, now.results ? now.results.status : "Not worked out: see the problems above the figures.");
    put(root, "data-seq", now.seq);
    if (restored) remember(now.choices);
    document.dispatchEvent(new CustomEvent("resilience:drawn", { detail: { seq: now.seq, preview: false } }));
  }
  function connection(isLost) {
    lost.tell(isLost ? "The connection to the model is lost. Reload the page to go on." : "");
    for (const node of root.querySelectorAll("form button, form input, form select")) node.disabled = isLost;
    if (isLost) busy.rest();
    else update();
  }
  function heard(message, buffers) {
    if (message?.pong !== undefined) watch.heard();
    if (message?.file) workbooks.arrived(message.file, buffers ?? []);
    if (message?.brought) workbooks.brought(message.brought);
    if (!message?.failed) return;
    failed.tell(message.failed);
    busy.rest();
    talk.land();
  }
  watch = heartbeat(model, talk.send, connection);
  model.on("msg:custom", heard);
  model.on("change:view", update);
  const unprint = printing(root);
  const before = remembered(view().choices);
  let restored = !before;
  update();
  restored = true;
  if (before) change({ do: "restore", choices: before });
  return () => {
    unprint();
    talk.close();
    busy.rest();
    watch.stop();
    root.remove();
  };
}

export default { render };
