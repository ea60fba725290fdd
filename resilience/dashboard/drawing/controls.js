/* controls.js: the widget Controls: scenarios, strategies, levers, undo, downloads.
 *
 * Exports {render}. Needs dom.js, merged.js, messages.js, parts.js and levers.js before it. What is shown comes from Python
 * (merged(model)); what a person does goes back as small messages (model.send).
 */

/** The scenarios, as boxes to tick: they stack. Their reasons stand in one list below, and describe each box. */
function scenarioPart(tell) {
  const list = make("div", { class: "boxes" });
  const reasons = make("dl");
  const details = make("details", { class: "reasons" }, make("summary", {}, "What each of these means"), reasons);
  const root = make("fieldset", {}, make("legend", {}, "What happens to it"), list, details);
  const kept = new Map();
  const makeOne = (spec) => {
    const [box, words] = [make("input", { type: "checkbox", id: fresh("scenario") }), make("span")];
    const [term, why] = [make("dt"), make("dd")];
    // Said of the box too: what stands in a closed list is not read out.
    const told = make("span", { id: fresh("why"), hidden: true });
    put(box, "aria-describedby", told.id);
    box.addEventListener("change", () => tell(spec.name, box.checked));
    reasons.append(term, why);
    return { root: make("label", { class: "box", for: box.id }, box, words, told), box, words, term, why, told };
  };
  const update = (specs, held) => {
    show(root, specs.length);
    follow(list, kept, specs, (spec) => spec.name, makeOne);
    for (const spec of specs) {
      const { box, words, term, why, told } = kept.get(spec.name);
      say(words, spec.title);
      say(term, spec.title);
      say(why, spec.why);
      say(told, spec.why);
      if (!held(spec.name) && box.checked !== Boolean(spec.chosen)) box.checked = Boolean(spec.chosen);
    }
    show(details, specs.some((spec) => spec.why));
  };
  return { root, update };
}

/** What management does, and what it is compared with; the rules of each stand in one list below. */
function plansPart(tell) {
  const rules = make("dl");
  const details = make("details", { class: "reasons" }, make("summary", {}, "What each of these decides"), rules);
  const parts = { strategy: choice((name) => tell("strategy", name)), other: choice((name) => tell("other", name)) };
  const update = (now, held) => {
    const known = now.strategies ?? [];
    const options = known.map((one) => [one.name, one.title]);
    for (const [key, part] of Object.entries(parts)) {
      const picked = (held(key) ? part.select.value : now[key]) ?? "";
      const words = key === "strategy" ? "What management does" : "Compare with";
      part.update(words, now[key] ? options : [["", "nothing"], ...options], picked, known.find((one) => one.name === picked)?.why);
    }
    show(details, known.length);
    if (rules.children.length) return;
    for (const one of known) {
      rules.append(make("dt", {}, one.title), make("dd", {}, make("ul", {}, ...one.rules.map((rule) => make("li", {}, rule)))));
    }
  };
  return { root: make("div", { class: "ruled" }, make("div", { class: "plans" }, parts.strategy.root, parts.other.root), details), update };
}

/** The files to take away, made when asked for. */
function downloadsPart(ask) {
  const files = [["All figures (JSON)", "json"], ["Table by month (CSV)", "csv"], ["These changes as a scenario file (TOML)", "changes"]];
  const saved = make("p", { class: "small", role: "status" });
  const buttons = files.map(([words, what]) => button(words, () => ask({ do: "download", what })));
  const why = make("p", { class: "small", id: fresh("why") }, "nothing is moved yet");
  /** A scenario file holds what was moved: while nothing is, there is none to take. */
  const update = (moved) => {
    const last = buttons.at(-1);
    enable(last, moved);
    put(last, "aria-describedby", moved ? null : why.id);
    show(why, !moved);
  };
  const arrived = (file, bytes) => {
    save(file, bytes);
    say(saved, `Saved: ${file.name}`);
  };
  return { root: make("div", { class: "downloads" }, make("h3", {}, "Take the figures with you"), ...buttons, why, saved), arrived, update };
}

/** What one page of controls knows: the levers and groups it has drawn, what is held, where the focus should go. */
function page(model, update) {
  const here = { levers: new Map(), groups: new Map(), held: holds(), failed: alertPart(), lost: alertPart(), seen: "", focusOn: null, watch: null };
  here.working = make("span", { class: "working", role: "status" });
  here.progress = progress((words) => say(here.working, words));
  here.talk = link(model, {
    sent: here.progress.sent,
    drawn: (seq) => {
      here.progress.drawn(seq);
      here.seen = clock(new Date());
      setTimeout(() => (here.held.heard(seq), update()), AFTER);
    },
    lost: () => here.watch?.gone(),
  });
  /** Send a change; until it is answered the kernel's older value for `key` is not put back. */
  here.change = (key, message) => {
    here.failed.tell("");
    here.held.keep(key, here.talk.change(message), message.value);
  };
  /** The same for everything that is not a lever: a lever on its way arrives first. */
  here.choose = (key, message) => {
    for (const one of here.levers.values()) one.settle();
    here.change(key, message);
  };
  /** Nothing more comes to what was asked: a refusal, or a failure. */
  here.rest = () => {
    here.progress.rest();
    here.talk.land();
  };
  /** What was entered stands refused: at once if it is the same entry again, for an equal view is not sent a second time. */
  here.refuse = (address) => {
    here.held.drop(address);
    here.rest();
    update();
  };
  here.makeLever = ({ address, value: first }) => lever(first, {
    pass: (value) => here.talk.pass(address, value, (seq) => here.held.keep(address, seq, value)),
    final: (value, byKey) => {
      here.focusOn = byKey ? address : null;
      here.change(address, { do: "set", address, value, final: true });
      if (merged(model).problems?.some((one) => one.address === address && one.entry === value)) here.refuse(address);
    },
  });
  return here;
}

/** Draw all controls once; then keep them in step with the view. */
function render({ model, el }) {
  const view = () => merged(model);
  const here = page(model, () => update());
  const { levers, groups, held, failed, lost, talk } = here;
  lost.root.append(button("Reload", () => location.reload(), "main"));
  const id = fresh("heading");
  const problems = problemPart(goTo);
  const steps = historyPart((message) => here.choose("history", message));
  const scenarios = scenarioPart((name, on) => here.choose(`scenario ${name}`, { do: "scenario", name, on }));
  const plans = plansPart((what, name) => here.choose(what, { do: what, name }));
  const place = make("div", { class: "groups" });
  const downloads = downloadsPart((message) => {
    for (const one of levers.values()) one.settle();
    talk.send(message);
  });
  const form = make("form", { novalidate: true }, steps.root, scenarios.root, plans.root, place, downloads.root);
  form.addEventListener("submit", (event) => event.preventDefault());
  const head = make("div", { class: "controls-head" }, make("h2", { id }, "What if"), here.working);
  const root = make("section", { class: "controls", "aria-labelledby": id }, head, lost.root, failed.root, problems.root, form);

  /** Open what hides a lever, and put the focus into its box. */
  function goTo(address) {
    const spec = (view().levers ?? []).find((one) => one.address === address);
    if (!spec) return;
    groups.get(spec.group)?.reveal(spec.item);
    update();
    levers.get(address)?.box.focus();
  }
  function update() {
    const now = view();
    const faults = now.problems ?? [];
    if (now.failed) failed.tell(now.failed);
    problems.update(faults);
    steps.update(now);
    downloads.update((now.levers ?? []).some((one) => one.changed));
    scenarios.update(now.scenarios ?? [], (name) => held.has(`scenario ${name}`));
    plans.update(now, held.has);
    const [specs, byAddress] = [now.groups ?? [], new Map(faults.map((one) => [one.address, one]))];
    follow(place, groups, specs, (spec) => spec.id, (spec) => group(spec, groups.size === 0, levers, here.makeLever, update));
    for (const spec of specs) groups.get(spec.id).update(spec, now.levers ?? [], byAddress, held.has);
    if (here.focusOn && byAddress.has(here.focusOn) && !held.has(here.focusOn)) problems.root.focus();
    if (!held.has(here.focusOn)) here.focusOn = null;
    if (!lost.root.hidden) disable(true);
  }
  /** A view from the kernel answers what was sent up to its number. One without a number brings no picture after it. */
  function arrived() {
    const now = view();
    refused(now.problems ?? []);
    if (Number.isInteger(now.seq)) held.heard(now.seq);
    else here.rest();
    update();
    if (!held.has("restore")) remember(now.choices);
  }
  /** A refusal brings no new picture: nothing waits for one. */
  function refused(faults) {
    for (const { address, entry } of faults) {
      const sent = held.value(address);
      if (sent === undefined || String(sent).slice(0, entry.length || 1) !== entry) continue; // an older refusal
      here.refuse(address);
    }
  }
  function disable(yes) {
    for (const node of form.querySelectorAll("button, input, select")) node.disabled = yes;
  }
  function connection(isLost) {
    const inside = form.contains(document.activeElement);
    const since = here.seen ? `What you see is from ${here.seen}. ` : "";
    lost.tell(isLost ? `The connection to the model is lost. ${since}Reload the page to go on.` : "");
    disable(isLost);
    if (isLost) here.progress.rest();
    if (isLost && inside) lost.root.querySelector("button").focus();
  }
  function heard(message, buffers) {
    if (message?.pong !== undefined) here.watch.heard();
    if (message?.file) downloads.arrived(message.file, buffers ?? []);
    if (!message?.failed) return;
    failed.tell(message.failed);
    held.heard(Infinity);
    here.rest();
  }
  here.watch = heartbeat(model, talk.send, connection);
  model.on("msg:custom", heard);
  model.on("change:view", arrived);
  model.on("change:catalogue", update);
  update();
  el.append(root);
  shared.controls = root;
  meet();
  const before = remembered(view().choices);
  if (before) here.change("restore", { do: "restore", choices: before });
  return () => {
    talk.close();
    here.progress.rest();
    here.watch.stop();
    if (shared.controls === root) shared.controls = null;
    root.remove();
  };
}

export default { render };
