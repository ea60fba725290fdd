/* waterfall.js: from direct cost to price, step by step, as bars that lie: room for words at any width.
 *
 * waterfall() gives {root, update(data, final)}. A part stands where the one above it ended; a total starts at nil; what is paid
 * now is striped, and the gap is an empty box with a broken edge, so that each can be told without colour.
 * Needs dom.js and figure.js before it.
 */

const STRIPES = "resilience-stripes";

function waterfall() {
  return chart("waterfall", (svg) => {
    const stripes = draw("path", { class: "stripes", d: "M0,8 8,0 M-2,2 2,-2 M6,10 10,6" });
    const pattern = draw("pattern", { id: STRIPES, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, draw("rect", { class: "paper", width: 8, height: 8 }), stripes);
      const layer = draw("g", { "aria-hidden": "true" });
    const layers = ["links", "bars", "words"].map(() => draw("g"));
    layer.append(...layers); // words lie on top
    const [links, bars, words] = [pool(layers[0], "line", { class: "leader" }), pool(layers[1], "rect", {}), pool(layers[2], "text", { class: "halo" })];
    svg.append(draw("defs", {}, pattern), layer);
    return (data, place) => paintSteps(data.steps ?? [], place, { bars, links, words });
  });
}

/** Move every bar and its words. Gives the height. */
function paintSteps(steps, { width, em, measure }, nodes) {
  const [tall, left, right] = [em * 3.4, 1, width - 1];
  const most = Math.max(1, ...steps.flatMap(([, from, to]) => [from, to]));
  const least = Math.min(0, ...steps.flatMap(([, from, to]) => [from, to]));
  const x = (value) => left + ((value - least) / (most - least)) * (right - left);
  const [bars, links, words] = [nodes.bars(steps.length), nodes.links(Math.max(0, steps.length - 1)), nodes.words(2 * steps.length)];
  steps.forEach(([name, from, to, kind, amount], i) => {
    const [top, low, high] = [i * tall, x(Math.min(from, to)), x(Math.max(from, to))];
    put(bars[i], "class", `bar ${kind}`);
    put(bars[i], "x", Math.round(low * 10) / 10);
    put(bars[i], "y", Math.round(top + em * 1.6));
    put(bars[i], "width", Math.max(2, Math.round((high - low) * 10) / 10));
    put(bars[i], "height", Math.round(em * 1.3));
    const total = kind === "total";
    const room = width - measure(amount) * BOLDER - em;
    put(words[2 * i], "class", total ? "halo total-words" : "halo");
    put(words[2 * i + 1], "class", total ? "halo total-words" : "halo");
    textAt(words[2 * i], 0, top + em * 1.15, fit(name, room, (text) => measure(text) * BOLDER), "start");
    textAt(words[2 * i + 1], width, top + em * 1.15, amount, "end");
    if (i === steps.length - 1) return;
    const end = steps[i + 1][3] === "income" ? top + em * 2.9 : top + tall + em * 1.6; // what is paid now begins anew
    line(links[i], x(to), top + em * 2.9, x(to), end);
  });
  return steps.length * tall + em * 0.25;
}
