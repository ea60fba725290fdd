/* answer.js: the widget Answer: the answer in sentences, what is really yours, and the charts.
 *
 * Exports {render}. Every sentence comes from Python (model.get("view")); after all is drawn the root carries
 * data-seq and the document hears "resilience:drawn" {seq, preview}. The controls, a widget of their own, are brought
 * into the slot between answer and charts (see meet in dom.js), so that reading, tabbing and a phone have one order.
 */

/** The title: whose figures these are, whether changed, under which scenario and strategy. It never grows while a lever moves. */
function titlePart() {
  const name = make("span");
  const mark = make("span", { class: "changed-mark", hidden: true }, "changed");
  const under = make("p", { class: "under" });
  const root = make("header", { class: "title" }, make("h1", {}, name, " ", mark), under);
  const update = (view) => {
    say(name, view.title);
    show(mark, view.changed?.length);
    say(under, view.under);
    show(under, view.under);
  };
  return { root, update };
}

/** Every change from the file, open until somebody closes it. */
function changesPart() {
  const summary = make("summary");
  const list = make("ul");
  const root = make("details", { class: "changes", open: true }, summary, list);
  const update = (changed) => {
    show(root, changed.length);
    say(summary, changed.length === 1 ? "1 change from the file" : `${grouped(changed.length)} changes from the file`);
    sayEach(list, "li", changed);
  };
  return { root, update };
}

/** The answer itself: sentences first, limits beside them. */
function answerPart() {
  const note = make("p", { class: "note" });
  const headline = make("div", { class: "headline" });
  const difference = make("div", { class: "difference" });
  const risks = make("div", { class: "risks" });
  const limitsList = make("ul");
  const limits = make("div", { class: "limits" }, make("h3", {}, "What this does not say"), limitsList);
  const ours = oursPart();
  const changes = changesPart();
  const warningList = make("ul");
  const warnings = make("div", { class: "warnings" }, make("h3", {}, "About the file"), warningList);
  const text = make("div", { class: "told" }, headline, make("div", {}, difference, changes.root), risks, warnings);
  const part = section("answer", "The answer", note, make("div", { class: "beside" }, text, limits, ours.root));
  const update = (view) => {
    // Never empty: the answer below would move when a preview ends.
    say(note, view.note || `${grouped(view.paths ?? 0)} simulated futures`);
    put(note, "class", view.preview ? "note preview" : "note");
    sayEach(headline, "p", view.headline);
    sayEach(difference, "p", view.difference);
    show(difference, view.difference?.length);
    changes.update(view.changed ?? []);
    sayEach(risks, "p", view.risks);
    show(risks, view.risks?.length);
    sayEach(warningList, "li", view.warnings);
    show(warnings, view.warnings?.length);
    sayEach(limitsList, "li", view.limits);
    show(limits, view.limits?.length);
    ours.update(view.ours);
  };
  return { root: part.root, update };
}

/** What is really yours: a small sum, with the result under a line. */
function oursPart() {
  const body = make("tbody");
  const note = make("p");
  const part = section("ours", "", make("div"), note);
  const table = make("table", { "aria-labelledby": part.id }, body);
  part.root.children[1].replaceWith(table);
  const update = (ours) => {
    show(part.root, ours);
    if (!ours) return;
    say(part.title, ours.title);
    const rows = ours.rows ?? [];
    while (body.children.length > rows.length) body.lastElementChild.remove();
    while (body.children.length < rows.length) body.append(make("tr"));
    rows.forEach((row, i) => fillRow(body.children[i], row, (k) => (k === 0 ? make("th", { scope: "row" }) : make("td"))));
    say(note, ours.note);
    show(note, ours.note);
  };
  return { root: part.root, update };
}

/** Both plans side by side: a table that stands open, and what it comes to in sentences. */
function comparedPart() {
  const title = make("h3", { id: fresh("compared") });
  const table = tableBox(title.id);
  const said = make("div", { class: "said" });
  const root = make("div", { class: "compared", hidden: true }, title, table.root, said);
  const update = (compared) => {
    show(root, compared);
    if (!compared) return;
    say(title, compared.title);
    table.fill(compared);
    sayEach(said, "p", compared.said);
  };
  return { root, update };
}

/** What becomes of bids and awards: a table that stands open. While a lever moves, that of the last full count. */
function awardsPart() {
  const title = make("h3", { id: fresh("awards") });
  const table = tableBox(title.id);
  const said = make("p");
  const note = make("p", { class: "small" });
  const root = make("div", { class: "compared awards", hidden: true }, title, said, table.root, note);
  const update = (awards, preview) => {
    if (preview) return say(note, awardsPart.waits);
    show(root, awards);
    if (!awards) return undefined;
    say(title, awards.title);
    table.fill(awards);
    say(said, awards.said);
    show(said, awards.said);
    return say(note, awards.note);
  };
  return { root, update };
}
awardsPart.waits = "From before this change: worked out anew when the lever rests.";

/** What each thing nobody knows does by itself: closed until somebody asks. */
function alonePart() {
  const intro = make("p");
  const list = make("ul");
  const summary = make("summary", {}, "What nobody knows: what each such figure does alone");
  const root = make("details", { class: "alone", hidden: true }, summary, intro, list);
  const update = (lines) => {
    show(root, lines?.length);
    say(intro, lines?.[0]);
    sayEach(list, "li", lines?.slice(1));
  };
  return { root, update };
}

/** The three charts and what they came from. */
function chartsPart() {
  const charts = { cash: cashChart(), ended: endedChart(), demand: demandChart() };
  const compared = comparedPart();
  const awards = awardsPart();
  const alone = alonePart();
  const manifest = make("p", { class: "manifest" });
  const part = section("charts", "Charts", compared.root, awards.root, alone.root, ...Object.values(charts).map((one) => one.root), manifest);
  const update = (view) => {
    compared.update(view.compared);
    awards.update(view.awards, view.preview);
    for (const [name, one] of Object.entries(charts)) {
      const data = view.charts?.[name];
      one.update(data ? { months: view.months, ...data } : null, !view.preview);
    }
    say(manifest, view.manifest);
    show(manifest, view.manifest);
  };
  return { root: part.root, update, updateAlone: alone.update };
}

/** The view, with the months, which are the same in every answer and sent once. */
function whole(model) {
  const found = model.get("view");
  const { months, limits = [], basis = "", awards: frame } = model.get("standing") ?? {};
  const { shares = [], said } = found?.awards ?? {};
  const rows = frame?.rows.map(([name, told, pounds], i) => [name, told, ...(shares[i] ?? []), pounds]);
  const awards = found?.awards && frame ? { ...frame, said, rows } : null;
  return found && { ...found, months, awards, limits: [...(found.limits ?? []), ...limits], manifest: `${basis} ${found.manifest ?? ""}`.trim() };
}

/** The number at the foot of the controls: the status without what was done and without "Updated". */
function stripWords(view) {
  const words = String(view.status ?? "").replace(/^.*Updated: /s, "");
  return view.preview && words ? `Preview: ${words}` : words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Draw the whole answer once, then move what is there at every change of the view. */
function render({ model, el }) {
  const waiting = make("div", { class: "waiting", role: "status" }, make("h1", {}, "Working out the first answer …"));
  const status = make("p", { class: "status unseen", role: "status", "aria-live": "polite" });
  // On a phone the answer is out of sight while a lever moves: its number stays at the foot of the controls.
  const strip = make("p", { class: "strip", "aria-hidden": "true" });
  const slot = make("div", { class: "slot" }, strip);
  const parts = [titlePart(), answerPart(), chartsPart()];
  const [title, answer, charts] = parts.map((part) => part.root);
  const root = make("div", { class: "resilience-sheet" }, waiting, title, answer, slot, charts, status);
  el.append(root);
  shared.slot = slot;
  meet();

  function update() {
    const view = whole(model);
    const known = view && Object.keys(view).length > 0;
    if (known) waiting.remove();
    for (const node of [title, answer, charts]) show(node, known);
    if (!known) return;
    for (const part of parts) part.update(view);
    if (!view.preview) announce(status, view.status);
    say(strip, stripWords(view));
    put(strip, "class", view.preview ? "strip preview" : "strip");
    put(root, "data-preview", view.preview ? "yes" : "no");
    put(root, "data-seq", view.seq);
    document.dispatchEvent(new CustomEvent("resilience:drawn", { detail: { seq: view.seq, preview: Boolean(view.preview) } }));
  }
  model.on("change:view", update);
  const updateAlone = () => parts[2].updateAlone(model.get("alone") ?? []);
  model.on("change:alone", updateAlone);
  const unprint = printing(root);
  update();
  updateAlone();
  return () => {
    unprint();
    if (shared.slot === slot) shared.slot = null;
    root.remove();
  };
}

export default { render };
