/* grid.js: a table of cells to type into. What is typed stays until it is answered; a fault stands beside its cell.
 *
 * Enter or leaving a cell sends it; arrow keys up and down go to the cell above or below. Needs dom.js and levers.js before it.
 */

/** One cell: a box or a choice, its words for where there is no head above it, its note and its fault. */
function gridCell(send) {
  const ids = { box: fresh("cell"), note: fresh("note"), fault: fresh("fault") };
  const [words, note] = [make("label", { for: ids.box, class: "cell-label" }), make("p", { class: "small", id: ids.note, hidden: true })];
  const faultWords = make("span");
  const fault = make("p", { class: "fault", id: ids.fault, hidden: true }, make("strong", {}, "Problem: "), faultWords);
  const holder = make("div", { class: "cell" });
  const root = make("td", {}, words, holder, note, fault);
  const state = { spec: null, box: null, typed: false, sent: null };
  const commit = () => {
    if (!state.typed) return;
    state.typed = false;
    state.sent = state.box.value;
    send(state.spec.place, state.box.value);
  };
  /** The kind of box that the cell needs, made anew only when that changes. */
  const boxFor = (spec) => {
    const tag = spec.kind === "choice" ? "SELECT" : "INPUT";
    if (state.box?.tagName === tag) return;
    state.box = tag === "SELECT" ? make("select", { id: ids.box }, ...spec.choices.map((one) => make("option", { value: one }, one))) : make("input", { id: ids.box, type: "text", inputmode: spec.kind === "share" ? "text" : "decimal", autocomplete: "off", spellcheck: "false" });
    state.box.addEventListener(tag === "SELECT" ? "change" : "input", () => (state.typed = true));
    state.box.addEventListener("change", commit);
    state.box.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), commit()));
    holder.replaceChildren(state.box);
  };
  const update = (spec, head, entry, problem, changed) => {
    boxFor(spec);
    state.spec = spec;
    const { box } = state;
    say(words, head);
    put(box, "aria-label", spec.label);
    put(box, "aria-invalid", problem ? "true" : null);
    put(root, "class", changed ? "edited" : null);
    box.disabled = !spec.place;
    say(note, spec.note);
    show(note, spec.note);
    say(faultWords, problem);
    show(fault, problem);
    describe(box, note, fault);
    if (!state.typed && document.activeElement !== box) box.value = entry;
    else if (!state.typed && state.sent !== null && !problem) [box.value, state.sent] = [entry, null];
  };
  return { root, update, get box() { return state.box; } };
}

/** A section of the grid: a table of rows by name, in a group that opens. */
function gridSection(open, send) {
  const [title, count] = [make("h3"), make("span", { class: "count" })];
  const help = make("p", { class: "small" });
  const [head, body] = [make("tr"), make("tbody")];
  const caption = make("caption", { class: "unseen" });
  const table = make("table", { class: "entries" }, caption, make("thead", {}, head), body);
  const root = make("details", { class: "group", open }, make("summary", {}, title, count), make("div", {}, help, table));
  const [rows, cells] = [new Map(), new Map()];
  const makeRow = (row) => {
    const [name, where] = [make("span"), make("span", { class: "small" })];
    const made = row.cells.map((spec) => {
      const one = gridCell(send);
      cells.set(spec.place || spec.label, one);
      return one;
    });
    return { root: make("tr", {}, make("th", { scope: "row" }, name, " ", where), ...made.map((one) => one.root)), name, where, made };
  };
  const key = (row) => row.cells.map((spec) => spec.place || spec.label).join(" ");
  body.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.target.tagName !== "INPUT") return;
    const cell = event.target.closest("td");
    const next = cell.parentElement[step < 0 ? "previousElementSibling" : "nextElementSibling"];
    const box = next?.children[cell.cellIndex]?.querySelector("input, select");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select?.();
  });
  const update = (section, view) => {
    say(title, section.title);
    say(help, section.help);
    say(caption, section.title);
    const edited = section.rows.flatMap((row) => row.cells).filter((spec) => spec.place in view.edits).length;
    say(count, edited ? `${edited} changed` : "");
    fillRow(head, section.head, (i) => (i ? make("th", { scope: "col" }) : make("td")));
    follow(body, rows, section.rows, key, makeRow);
    for (const row of section.rows) {
      const one = rows.get(key(row));
      say(one.name, row.name);
      say(one.where, row.where);
      row.cells.forEach((spec, i) => one.made[i].update(spec, section.head[i + 1], view.edits[spec.place] ?? spec.shown, view.faults[spec.place], spec.place in view.edits));
    }
  };
  return { root, update, cells };
}
