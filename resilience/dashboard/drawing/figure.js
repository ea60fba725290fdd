/* figure.js: what every chart has: words, a key, a drawing at the real width of its place, axes, a table.
 *
 * Text stays at 1rem whatever the width, and a narrow place gets fewer ticks. Needs dom.js before it.
 */

const NARROW = 560; // px at 16 px type: below it words move from beside the marks to above them
const BOLDER = 1.09; // how much wider bold words are than the plain ones that are measured

/** What all three figures have: words, a drawing that follows its width, a table. `marks(svg)` gives paint(data, place). */
function chart(kind, marks) {
  const ids = { title: fresh("finding"), about: fresh("measure") };
  const title = make("h3", { id: ids.title });
  const subtitle = make("p", { class: "subtitle", id: ids.about });
  const key = make("ul", { class: "key", "aria-hidden": "true" });
  const svg = draw("svg", { role: "img", focusable: "false" });
  const holder = make("div", { class: "drawing" }, svg);
  const caption = make("figcaption");
  const table = tableBox();
  const summary = make("summary");
  const details = make("details", {}, summary, table.root);
  const root = make("figure", { class: `chart ${kind}`, "aria-labelledby": ids.title }, title, subtitle, key, holder, caption, details);
  const paint = marks(svg, key);
  let width = 0;
  let type = null;
  let data = null;
  let stale = false;

  function repaint() {
    if (!data || width < 1) return;
    type ??= typeOf(svg);
    const height = paint(data, { width, em: type.size, measure: type.measure });
    put(svg, "width", width);
    put(svg, "height", Math.ceil(height));
    put(svg, "viewBox", `0 0 ${width} ${Math.ceil(height)}`); // paper may be narrower
  }
  function refill() {
    table.fill(data.table);
    stale = false;
  }
  details.addEventListener("toggle", () => details.open && stale && refill());
  new ResizeObserver((entries) => {
    const found = Math.floor(entries[0].contentRect.width);
    if (found === width) return;
    width = found;
    type = null;
    repaint();
  }).observe(holder);

  function update(found, final) {
    if (final) type = null; // a reader may have set other spacing since
    data = found;
    show(root, data);
    if (!data) return;
    say(title, data.title);
    say(subtitle, data.subtitle);
    say(caption, data.caption);
    show(caption, data.caption);
    put(svg, "aria-label", data.alt ?? data.title);
    show(details, data.table);
    if (data.table) {
      say(summary, `Table: ${data.table.caption}`);
      stale = true;
      if (final || details.open) refill();
    }
    if (width < 1) width = Math.floor(holder.clientWidth);
    repaint();
  }
  return { root, update };
}

/** The size of the text in a drawing, and how wide words are in it. */
function typeOf(svg) {
  const style = getComputedStyle(svg);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const [letters, words] = [style.letterSpacing, style.wordSpacing].map((space) => parseFloat(space) || 0);
  const known = new Map();
  const measure = (text) => {
    if (known.size > 2000) known.clear();
    if (!known.has(text)) known.set(text, pen.measureText(text).width + letters * text.length + words * (text.split(" ").length - 1));
    return known.get(text);
  };
  return { size: parseFloat(style.fontSize) || 16, measure };
}

/** Words cut to a width, with an ellipsis. The whole of them stands in the key or the table. */
function fit(text, room, measure) {
  if (measure(text) <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${text.slice(0, middle).trimEnd()}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}

/** Words in at most two lines of this width. */
function twoLines(text, room, measure) {
  if (measure(text) <= room) return [text];
  const words = text.split(" ");
  let first = "";
  while (words.length && measure(`${first} ${words[0]}`.trim()) <= room) first = `${first} ${words.shift()}`.trim();
  return first ? [first, fit(words.join(" "), room, measure)] : [fit(text, room, measure)];
}

/** A round step (1, 2, 2.5 or 5 of a power of ten) that gives about this many ticks. */
function roundStep(span, ticks) {
  const rough = span / ticks;
  const size = 10 ** Math.floor(Math.log10(rough));
  return size * ([1, 2, 2.5, 5].find((k) => size * k >= rough) ?? 10);
}

/** The multiples of a step from low to high. */
function multiples(low, high, step) {
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
  return found;
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** Ticks of the month axis as [place 0 to 1, words]: years, or months where there are few. */
function monthTicks(months, width, em, measure) {
  const parts = months.map((month) => String(month).split("-").map(Number));
  const Januaries = parts.flatMap(([year, month], i) => (month === 1 ? [[i / months.length, year]] : []));
  if (Januaries.length > 1) {
    const room = measure("2030") + em;
    const apart = (Januaries[1][0] - Januaries[0][0]) * width;
    const every = [1, 2, 5, 10, 20, 50].find((k) => k * apart >= room) ?? 100;
    return Januaries.filter(([, year]) => year % every === 0).map(([at, year]) => [at, String(year)]);
  }
  const words = parts.map(([year, month]) => `${MONTHS[month - 1] ?? ""} ${year}`);
  const every = [1, 2, 3, 4, 6, 12].find((k) => (k * width) / months.length >= measure("September 2026") + em) ?? 24;
  return words.flatMap((text, i) => (i % every === 0 ? [[(i + 0.5) / months.length, text]] : []));
}

const at = (x, y) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;

/** Grid lines with words at the left, the ground line, ticks with words below it. */
function axes(svg) {
  const layer = draw("g", { class: "axes", "aria-hidden": "true" });
  const [lines, words] = [pool(layer, "line", { class: "grid" }), pool(layer, "text", { class: "tick", "text-anchor": "end" })];
  const [ticks, below] = [pool(layer, "line", { class: "axis" }), pool(layer, "text", { class: "tick" })];
  const ground = draw("line", { class: "axis" });
  layer.append(ground);
  svg.append(layer);
  return (box, across, down, em) => {
    const [gridLines, gridWords] = [lines(across.length), words(across.length)];
    across.forEach(([y, text], i) => {
      line(gridLines[i], box.left, y, box.right, y);
      textAt(gridWords[i], box.left - em * 0.5, y + em * 0.35, text);
    });
    const [tickLines, tickWords] = [ticks(down.length), below(down.length)];
    down.forEach(([x, text, anchor], i) => {
      line(tickLines[i], x, box.bottom, x, box.bottom + em * 0.4);
      textAt(tickWords[i], x, box.bottom + em * 1.5, text, anchor ?? "middle");
    });
    line(ground, box.left, box.bottom, box.right, box.bottom);
  };
}

/** Move a line. */
function line(node, x1, y1, x2, y2) {
  for (const [name, value] of [["x1", x1], ["y1", y1], ["x2", x2], ["y2", y2]]) put(node, name, Math.round(value * 10) / 10);
}

/** Move words. */
function textAt(node, x, y, text, anchor) {
  put(node, "x", Math.round(x * 10) / 10);
  put(node, "y", Math.round(y * 10) / 10);
  if (anchor) put(node, "text-anchor", anchor);
  say(node, text);
}

/** Year or month ticks in a box, those at the rim turned inwards so that nothing is cut. */
function downTicks(months, box, em, measure, rim) {
  const width = box.right - box.left;
  return monthTicks(months, width, em, measure).map(([place, text]) => {
    const [x, half] = [box.left + place * width, measure(text) / 2];
    return [x, text, x + half > rim ? "end" : x - half < 0 ? "start" : "middle"];
  });
}

/** One entry of a key: a small drawn sample, and words. */
function keyEntry(kind, words) {
  const sample = draw("svg", { class: `sample ${kind}`, width: 32, height: 18, "aria-hidden": "true", focusable: "false" });
  const shapes = {
    wide: [["rect", { class: "band80", x: 1, y: 1, width: 30, height: 16 }]],
    half: [["rect", { class: "band50", x: 1, y: 1, width: 30, height: 16 }]],
    future: [["path", { class: "future", d: "M1,13 9,8 16,11 24,4 31,6" }]],
    end: [["path", { class: "end", d: cross(16, 9, 5) }]],
    planA: [["line", { class: "planA", x1: 1, y1: 9, x2: 31, y2: 9 }]],
    planB: [["line", { class: "planB", x1: 1, y1: 9, x2: 31, y2: 9 }]],
    range: [["rect", { class: "range", x: 1, y: 4, width: 30, height: 10 }]],
    demand: [["line", { class: "need", x1: 16, y1: 0, x2: 16, y2: 18 }]],
    gap: [["path", { class: "gap", d: "M12,2 20,2 M16,2 16,16 M12,16 20,16" }]],
  }[kind];
  for (const [tag, attributes] of shapes) sample.append(draw(tag, attributes));
  return make("li", {}, sample, make("span", {}, words));
}

/** A key is made again only when its words are other words. */
function fillKey(key, entries) {
  const words = JSON.stringify(entries);
  if (key.dataset.words !== words) {
    key.replaceChildren(...entries.map(([kind, text]) => keyEntry(kind, text)));
    put(key, "data-words", words);
  }
}

/** The two strokes of a small cross. */
function cross(x, y, arm) {
  return `M${at(x - arm, y - arm)} ${at(x + arm, y + arm)}M${at(x - arm, y + arm)} ${at(x + arm, y - arm)}`;
}
