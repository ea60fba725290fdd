/* dom.js: the few functions with which both widgets write into the page.
 *
 * Python puts this file before charts.js + answer.js, and before controls.js, and hands each result to a widget as one
 * module; so there are no import lines, and every name here is seen by the files after it. Data becomes text nodes and
 * attributes from a short list, never markup, style or script. Ids are counted, never made from data.
 */

const SVG_SPACE = "http://www.w3.org/2000/svg";

/** What the two widgets know together: the counter of changes, and where the controls stand in the answer's page. */
const shared = (globalThis.__resilience ??= { seq: 0, slot: null, controls: null });

/** The controls stand between the answer and the charts, in the document as on a phone: whichever widget is drawn second brings them. */
function meet() {
  if (shared.slot && shared.controls && shared.controls.parentNode !== shared.slot) shared.slot.prepend(shared.controls);
}

/** An id nobody else has. */
function fresh(word) {
  shared.ids = (shared.ids ?? 0) + 1;
  return `resilience-${word}-${shared.ids}`;
}

const ALLOWED =
  /^(aria-[a-z]+|data-[a-z]+|id|class|role|tabindex|type|for|value|name|min|max|step|inputmode|autocomplete|spellcheck|scope|hidden|open|lang|d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox|transform|patternUnits|clip-path|text-anchor|focusable|novalidate)$/;

/** Set an attribute that is on the list; null takes it away. A link may only point inside the page. */
function put(node, name, value) {
  if (name === "href" ? !/^#[\w-]+$/.test(value) : !ALLOWED.test(name)) throw new Error(`attribute ${name} is not on the list`);
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : String(value));
}

/** A new element with attributes and children; a string among the children becomes a text node. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children);
  return node;
}

/** A new SVG element with attributes. */
function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children);
  return node;
}

/** Give a node this text, and touch the page only if it is another one. */
function say(node, text) {
  const words = text === null || text === undefined ? "" : String(text);
  if (node.textContent !== words) node.textContent = words;
}

/** Say it in a live region: the same words again are put there anew in the next frame, so that they are announced again. */
function announce(node, text) {
  const words = String(text ?? "");
  if (words && node.textContent === words) {
    node.textContent = "";
    requestAnimationFrame(() => !node.textContent && say(node, words));
  } else say(node, words);
}

/** Show or hide. */
function show(node, yes) {
  if (node.hidden === Boolean(yes)) node.hidden = !yes;
}

/** As many children of this tag as there are texts, each saying one; nodes that are there are used again. */
function sayEach(parent, tag, texts) {
  const list = texts ?? [];
  while (parent.children.length > list.length) parent.lastElementChild.remove();
  while (parent.children.length < list.length) parent.append(make(tag));
  list.forEach((text, i) => say(parent.children[i], text));
}

/** A store of equal SVG nodes under one parent: ask for a number of them, get them; what is left over goes. */
function pool(parent, tag, attributes = {}) {
  const nodes = [];
  return (count) => {
    while (nodes.length < count) parent.appendChild(nodes[nodes.push(draw(tag, attributes)) - 1]);
    while (nodes.length > count) nodes.pop().remove();
    return nodes;
  };
}

/** The float32 numbers of a buffer that ipywidgets hands over (copied: its start need not be a multiple of four). */
function numbers(bytes) {
  if (!bytes) return new Float32Array(0);
  if (Array.isArray(bytes) || bytes instanceof Float32Array) return Float32Array.from(bytes);
  const from = bytes.byteOffset ?? 0;
  const whole = bytes.byteLength - (bytes.byteLength % 4);
  return new Float32Array((bytes.buffer ?? bytes).slice(from, from + whole));
}

/** 1234.5 as 1,234.5; a minus sign, not a hyphen. */
function grouped(value, decimals = 0) {
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const figures = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  return value < 0 && /[1-9]/.test(figures) ? `−${figures}` : figures;
}

/** How many decimals a number needs, four at most. */
function decimals(value) {
  const text = String(Number(Number(value).toFixed(4)));
  return text.includes(".") ? text.split(".")[1].length : 0;
}

/** Pounds at a tick: £0, £200,000, £1.2 million. `top` is the largest on the axis, so that one axis has one unit. */
function pounds(value, top) {
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === 0) return "£0";
  for (const [unit, word] of [[1e9, "billion"], [1e6, "million"]]) {
    if (top >= unit) return `${sign}£${grouped(size / unit, decimals(size / unit))} ${word}`;
  }
  return `${sign}£${grouped(size, decimals(size))}`;
}

/** A table with headings in a box of its own that scrolls and takes the focus; a caption, or a heading with this id, names it. */
function tableBox(heading = null) {
  const caption = heading ? "" : make("caption", { id: fresh("caption") });
  const named = heading ?? caption.id;
  const head = make("tr");
  const body = make("tbody");
  const table = make("table", { "aria-labelledby": heading }, caption, make("thead", {}, head), body);
  const root = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": named }, table);
  const fill = (data) => {
    if (caption) say(caption, data.caption);
    const heads = data.head ?? [];
    fillRow(head, heads, (i) => (heads[i] ? make("th", { scope: "col" }) : make("td")));
    const rows = data.rows ?? [];
    while (body.children.length > rows.length) body.lastElementChild.remove();
    while (body.children.length < rows.length) body.append(make("tr"));
    rows.forEach((row, i) => fillRow(body.children[i], row, (k) => (k === 0 ? make("th", { scope: "row" }) : make("td"))));
  };
  return { root, fill };
}

/** The cells of one row; cells that are there are used again. */
function fillRow(row, texts, cell) {
  while (row.children.length > texts.length) row.lastElementChild.remove();
  while (row.children.length < texts.length) row.append(cell(row.children.length));
  texts.forEach((text, i) => say(row.children[i], text));
}

/** The time of day, 14:05. */
function clock(date) {
  return [date.getHours(), date.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}
