/* parts.js: what all pages have: sections, problems with links to their fields, alerts, undo, and tables that open on paper.
 *
 * Needs dom.js before it, and historyPart levers.js.
 */

/** A section named by its heading. */
function section(kind, heading, ...children) {
  const id = fresh("heading");
  const title = make("h2", { id }, heading);
  return { root: make("section", { class: kind, "aria-labelledby": id }, title, ...children), title, id };
}

/** "There is a problem", with a link to each field. */
function problemPart(go) {
  const id = fresh("problems");
  const list = make("ul");
  const root = make("div", { class: "problems", role: "group", tabindex: "-1", "aria-labelledby": id, hidden: true }, make("h3", { id }, "There is a problem"), list);
  let known = "[]";
  const update = (problems) => {
    show(root, problems.length);
    const found = JSON.stringify(problems);
    if (found === known) return;
    known = found;
    list.replaceChildren(...problems.map((problem) => {
      const anchor = make("a", { href: `#${id}` }, problem.words);
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        go(problem.address);
      });
      return make("li", {}, anchor);
    }));
  };
  return { root, update };
}

/** An alert that is empty until there is something to say. */
function alertPart() {
  const words = make("p");
  const root = make("div", { class: "alert", role: "alert", hidden: true }, words);
  const tell = (text) => {
    show(root, text);
    say(words, text);
  };
  return { root, tell };
}

/** Undo, redo and the way back to the file; each says what it would do. */
function historyPart(act) {
  const undo = button("Undo", () => act({ do: "undo" }));
  const redo = button("Redo", () => act({ do: "redo" }));
  const reset = button("Everything as in the file", () => act({ do: "reset" }));
  const update = (now) => {
    enable(undo, now.undo, now.undo);
    enable(redo, now.redo, now.redo);
    enable(reset, now.changes);
  };
  return { root: make("div", { class: "history" }, undo, redo, reset), update };
}

/** On paper every table is open; afterwards those that were closed are closed again. Gives what undoes it. */
function printing(root) {
  let opened = [];
  const before = () => {
    opened = [...root.querySelectorAll("details:not([open])")].filter((node) => node.querySelector("table"));
    for (const node of opened) {
      node.open = true;
      node.dispatchEvent(new Event("toggle")); // the browser's own comes too late to fill the table
    }
  };
  const after = () => opened.splice(0).forEach((node) => (node.open = false));
  const both = [["beforeprint", before], ["afterprint", after]];
  for (const [name, act] of both) addEventListener(name, act);
  return () => both.forEach(([name, act]) => removeEventListener(name, act));
}
