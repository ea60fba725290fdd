/* charts.js: the three pictures, drawn by hand as SVG.
 *
 * cashChart(), endedChart() and demandChart() each give {root, update(data, final)}: root is a <figure> with the finding
 * as heading, the measure as subtitle, a key, the drawing, a caption and the table. Nodes are made once and then moved.
 * Needs dom.js and figure.js before it.
 */

/* ------------------------------------------------------------------------------------------------ spendable cash */

/** Spendable cash: bands of 80 and 50 with edges, the floor, seven single futures; no line in the middle. */
function cashChart() {
  return chart("cash", (svg, key) => {
    const frame = axes(svg);
    const layer = draw("g", { "aria-hidden": "true" });
    const paths = {};
    for (const name of ["band80", "band50", "edge80", "edge50", "futures"]) {
      layer.append((paths[name] = draw("path", { class: name === "futures" ? "future" : name.replace(/edge.*/, "edge") })));
    }
    const [floor, floorWords] = [draw("line", { class: "floor" }), draw("text", { class: "halo floor-words" })];
    paths.ends = draw("path", { class: "end" });
    layer.append(floor, paths.ends, floorWords);
    svg.append(layer);
    return (data, place) => paintCash(data, place, { frame, paths, floor, floorWords, key });
  });
}

/** Work out the scale, then move every mark of the cash chart. Gives the height. */
function paintCash(data, { width, em, measure }, nodes) {
  const bands = [data.p10, data.p25, data.p75, data.p90].map(numbers);
  const [futures, months] = [numbers(data.futures), data.months ?? []];
  const length = Math.max(1, months.length);
  const floor = Number.isFinite(data.floor?.value) ? data.floor.value : 0;
  const [low, high] = reach([...bands, futures], floor);
  const height = Math.min(26 * em, Math.max(17 * em, width * 0.52));
  const box = { top: em * 0.8, bottom: height - em * 2 };
  const room = (em * 2.1) / (box.bottom - box.top);
  const step = roundStep(high - low, Math.max(3, Math.round((box.bottom - box.top) / (em * 4))));
  const top = Math.ceil((high / step) * 4 - 1e-9) * (step / 4);
  const bottom = Math.min(low - (top - low) * 0.03, floor - ((top - floor) * room) / (1 - room));
  const y = (value) => (value === value ? box.bottom - ((value - bottom) / (top - bottom)) * (box.bottom - box.top) : box.bottom);
  const ticks = multiples(bottom, top, step);
  const largest = Math.max(...ticks.map(Math.abs));
  const across = ticks.map((value) => [y(value), pounds(value, largest)]);
  box.left = Math.ceil(Math.max(0, ...across.map(([, text]) => measure(text)))) + em * 0.6;
  box.right = width - em * 0.25;
  const x = (month) => box.left + ((month + 1) / length) * (box.right - box.left);
  nodes.frame(box, across, downTicks(months, box, em, measure, width), em);
  paintBands(bands, x, y, nodes.paths);
  paintFutures(futures, length, x, y, em, nodes.paths);
  line(nodes.floor, box.left, y(floor), box.right, y(floor));
  const words = fit(data.floor?.words ?? "", box.right - box.left - em, measure);
  textAt(nodes.floorWords, box.left + em * 0.5, y(floor) + em * 1.3, words);
  // Without chance both edges are one line, and there is nothing to tell apart.
  show(nodes.key, bands[0].some((value, i) => value !== bands[3][i] && (value === value || bands[3][i] === bands[3][i])));
  fillKey(nodes.key, [
    ["wide", "80 of 100 futures lie here"],
    ["half", "50 of 100 lie here"],
    ["future", "One single future"],
    ["end", "It ends"],
  ]);
  return height;
}

/** The lowest and highest number there is, the floor among them; never a span of nothing. */
function reach(series, floor) {
  let [low, high] = [floor, floor];
  for (const values of series) {
    for (const value of values) {
      if (value < low) low = value;
      else if (value > high) high = value;
    }
  }
  const least = Math.max(1, Math.abs(high) * 1e-3, Math.abs(low) * 1e-3);
  return high - low < least ? [low, low + Math.max(1000, least)] : [low, high];
}

/** Both bands and their edges. Where a quantile has ended its edge lies at the bottom of the picture. */
function paintBands([p10, p25, p75, p90], x, y, paths) {
  const outline = (values) => {
    const points = Array.from(values, (value, i) => at(x(i), y(value)));
    return points.length === 1 ? [at(x(-1), y(values[0])), points[0]] : points;
  };
  const edge = (values, points) => {
    const ended = values.findIndex((value) => value !== value);
    const part = ended < 0 ? points : ended === 0 ? [] : points.slice(0, ended + 1);
    return part.length ? `M${part.join(" ")}` : "";
  };
  for (const [name, lower, upper] of [["80", p10, p90], ["50", p25, p75]]) {
    const [below, above] = [outline(lower), outline(upper)];
    const points = [...above, ...[...below].reverse()];
    put(paths[`band${name}`], "d", points.length ? `M${points.join(" ")}Z` : "");
    put(paths[`edge${name}`], "d", edge(upper, above) + edge(lower, below));
  }
}

/** The single futures as thin lines, each with a cross in the month it ended. */
function paintFutures(values, length, x, y, em, paths) {
  let [lines, ends] = ["", ""];
  for (let start = 0; start + length <= values.length; start += length) {
    let last = -1;
    for (let i = 0; i < length; i++) {
      const value = values[start + i];
      if (value !== value) continue;
      if (i === 0 && length === 1) lines += `M${at(x(-1), y(value))}`;
      lines += `${last === i - 1 && last >= 0 ? " " : length === 1 ? " " : "M"}${at(x(i), y(value))}`;
      last = i;
    }
    if (last >= 0 && last < length - 1) ends += cross(x(last), y(values[start + last]), em * 0.3);
  }
  put(paths.futures, "d", lines);
  put(paths.ends, "d", ends);
}

/* ------------------------------------------------------------------------------------------------ futures ended */

/** How many futures of 100 have ended, month by month: one rising step line a plan, named at its end, the gap printed. */
function endedChart() {
  return chart("ended", (svg, key) => {
    const frame = axes(svg);
    const layer = draw("g", { "aria-hidden": "true" });
    const lines = ["planA", "planB"].map((name) => draw("path", { class: name }));
    const bracket = draw("path", { class: "gap" });
    const leaders = pool(layer, "path", { class: "leader" });
    const words = pool(layer, "text", { class: "halo" });
    layer.append(...lines, bracket);
    svg.append(layer);
    return (data, place) => paintEnded(data, place, { frame, lines, bracket, leaders, words, key });
  });
}

/** Move every mark of the chart of futures ended. Gives the height. */
function paintEnded(data, { width, em, measure }, nodes) {
  const plans = (data.plans ?? []).slice(0, 2).map(planOf);
  const narrow = width < NARROW * (em / 16);
  const gap = String(data.gap ?? "");
  const length = Math.max(1, (data.months ?? []).length);
  const height = Math.min(24 * em, Math.max(16 * em, width * 0.46));
  const box = { top: em * 0.9, bottom: height - em * 2, left: measure("100") + em * 0.6 };
  const bold = (text) => measure(text) * BOLDER;
  const room = Math.min(width * 0.27, Math.max(...plans.flatMap((plan) => [bold(plan.name), bold(plan.count)]), measure(gap)));
  box.right = width - (narrow ? Math.max(...plans.map((plan) => bold(plan.said)), measure("100")) + em * 1.2 : room + em * 1.6);
  const y = (value) => box.bottom - (Math.min(100, Math.max(0, value)) / 100) * (box.bottom - box.top);
  const x = (month) => box.left + ((month + 1) / length) * (box.right - box.left);
  nodes.frame(box, [0, 20, 40, 60, 80, 100].map((n) => [y(n), String(n)]), downTicks(data.months ?? [], box, em, measure, width), em);
  nodes.lines.forEach((node, i) => put(node, "d", plans[i] ? stairs(plans[i].values, x, y) : ""));
  const two = plans.length === 2 && plans.every((plan) => plan.end !== null);
  const apart = two && gap && Math.abs(y(plans[0].end) - y(plans[1].end)) > 2;
  const from = box.right + em * 0.4;
  put(nodes.bracket, "d", apart ? `M${at(from, y(plans[0].end))} ${at(from, y(plans[1].end))}` : "");
  const labels = plans.flatMap((plan, i) => endLabel(plan, i, y, narrow, room, bold));
  if (two && gap && !narrow) labels.push({ kind: "gap-words", lines: twoLines(gap, room, measure), y: (y(plans[0].end) + y(plans[1].end)) / 2 });
  paintLabels(spread(labels, box, em), box.right + em * (narrow ? 0.8 : 1.4), from, em, nodes);
  const cut = (text, wide) => twoLines(text, room, wide).join(" ") !== text;
  show(nodes.key, narrow || plans.some((plan) => cut(plan.name, bold)) || cut(gap, measure));
  fillKey(nodes.key, [
    ...plans.map((plan, i) => [i ? "planB" : "planA", `${plan.name}: ${plan.count}`]),
    ...(two && gap ? [["gap", gap]] : []),
  ]);
  return height;
}

/** The last number of a series, null if it has none. */
function lastNumber(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] === values[i]) return values[i];
  return null;
}

/** A plan with where it ends, how that is said (72, >99, none) and how it is said in full (72 of 100). */
function planOf(plan) {
  const values = numbers(plan.values);
  const end = lastNumber(values);
  const said = String(plan.said ?? (end === null ? "none" : Math.round(end)));
  return { name: String(plan.name), values, end, said, count: /^\D?\d+$/.test(said) ? `${said} of 100` : said };
}

/** The words at the end of one plan's line. */
function endLabel(plan, i, y, narrow, room, measure) {
  if (plan.end === null) return [];
  const lines = narrow ? [plan.said] : [...twoLines(plan.name, room, measure), plan.count];
  return [{ kind: i ? "planB-words" : "planA-words", lines, y: y(plan.end), leads: true }];
}

/** Labels moved up and down until none lies on another and all are in the picture. */
function spread(labels, box, em) {
  const sorted = labels.map((label) => ({ ...label, tall: label.lines.length * em * 1.25 })).sort((a, b) => a.y - b.y || (a.leads ? -1 : 1));
  const names = sorted.filter((label) => label.leads);
  const gap = sorted.find((label) => !label.leads);
  const order = gap && names.length === 2 ? [names[0], gap, names[1]] : sorted;
  let free = -Infinity;
  for (const label of order) free = (label.top = Math.max(label.y - label.tall / 2, free)) + label.tall + em * 0.15;
  let limit = box.bottom + em * 0.6;
  for (const label of [...order].reverse()) limit = (label.top = Math.min(label.top, limit - label.tall)) - em * 0.15;
  let least = box.top - em * 0.9;
  for (const label of order) least = (label.top = Math.max(label.top, least)) + label.tall + em * 0.1;
  return order;
}

/** Write the labels, and a thin line from a plan's end to its words. */
function paintLabels(labels, x, from, em, { words, leaders }) {
  const lines = labels.flatMap((label) => label.lines.map((text, i) => [label, text, i]));
  const nodes = words(lines.length);
  lines.forEach(([label, text, i], k) => {
    put(nodes[k], "class", `halo ${label.kind}`);
    textAt(nodes[k], x, label.top + em * (1 + 1.25 * i), text);
  });
  const led = labels.filter((label) => label.leads);
  leaders(led.length).forEach((node, i) => {
    put(node, "d", `M${at(from, led[i].y)} ${at(x - em * 0.25, led[i].top + led[i].tall / 2)}`);
  });
}

/** A step line: a level holds until the month's end, then rises. */
function stairs(values, x, y) {
  let path = `M${at(x(-1), y(0))}`;
  for (let i = 0, level = 0; i < values.length; i++) {
    if (values[i] !== values[i]) break;
    path += ` ${at(x(i), y(level))} ${at(x(i), y(values[i]))}`;
    level = values[i];
  }
  return path;
}

/* ------------------------------------------------------------------------------------------------ people served */

/** People who can be served, as a bar a row, and the demand as a tick across it. */
function demandChart() {
  return chart("demand", (svg, key) => {
    const frame = axes(svg);
    const layer = draw("g", { "aria-hidden": "true" });
    const [bars, needs] = [pool(layer, "rect", { class: "range" }), pool(layer, "line", { class: "need" })];
    const words = pool(layer, "text", { class: "halo" });
    svg.append(layer);
    return (data, place) => paintDemand(data, place, { frame, bars, needs, words, key });
  });
}

/** Move every mark of the demand chart. Gives the height. */
function paintDemand(data, { width, em, measure }, nodes) {
  const rows = (data.rows ?? []).map(([label, low, high, demand]) => ({ label, low, high, demand }));
  const narrow = width < NARROW * (em / 16);
  const say3 = rows.map((row) => [String(row.label), finite(row.low, row.high) ? (row.low === row.high ? count(row.high) : `${count(row.low)} to ${count(row.high)}`) : "", finite(row.demand) ? count(row.demand) : ""]);
  const widest = (k, least) => Math.max(measure(least), ...say3.map((texts) => measure(texts[k])), 0);
  const heads = ["", "Could be helped", "Need help"];
  const [names, ranges, needs] = [Math.min(widest(0, ""), width * 0.3), widest(1, heads[1]), widest(2, heads[2])];
  const tall = em * (narrow ? 3.6 : 2.4);
  const head = narrow ? 0 : em * 1.7;
  const box = { top: head, bottom: head + rows.length * tall + em * 0.3 };
  box.left = narrow ? em * 0.5 : names + em;
  box.right = narrow ? width - em * 0.75 : width - ranges - needs - em * 2.5;
  const most = Math.max(1, ...rows.flatMap((row) => [row.low, row.high, row.demand].filter(Number.isFinite)));
  const step = Math.max(1, roundStep(most, Math.max(2, Math.round((box.right - box.left) / (em * 7)))));
  const top = Math.ceil((most / step) * 5 - 1e-9) * (step / 5);
  const x = (value) => box.left + (Math.max(0, value) / top) * (box.right - box.left);
  const ticks = multiples(0, top, step).map((n) => [x(n), count(n), x(n) + measure(count(n)) / 2 > width ? "end" : narrow && n === 0 ? "start" : "middle"]);
  nodes.frame({ ...box, top: head }, [], ticks, em);
  const middle = (i) => head + i * tall + (narrow ? em * 2.5 : tall / 2);
  placeRows(rows, x, middle, em, nodes);
  placeWords(say3, { narrow, width, names, needs, heads, em, measure, middle, head, tall }, nodes.words);
  fillKey(nodes.key, [["range", "Could be helped"], ["demand", "Need help"]]);
  return box.bottom + em * 2;
}

const finite = (...values) => values.every(Number.isFinite);
const count = (value) => grouped(Math.round(value));

/** The bar and the tick of each row; a row without numbers has none. */
function placeRows(rows, x, middle, em, { bars, needs }) {
  const [bar, need] = [bars(rows.length), needs(rows.length)];
  rows.forEach((row, i) => {
    const known = finite(row.low, row.high);
    put(bar[i], "x", known ? Math.round(x(row.low) * 10) / 10 : 0);
    put(bar[i], "y", Math.round(middle(i) - em * 0.5));
    put(bar[i], "width", known ? Math.max(2, Math.round((x(row.high) - x(row.low)) * 10) / 10) : 0);
    put(bar[i], "height", em);
    const place = finite(row.demand) ? x(row.demand) : -100;
    line(need[i], place, middle(i) - em * 0.85, place, middle(i) + em * 0.85);
  });
}

/** The words of each row: in columns where there is room, else above the bar. */
function placeWords(rows, { narrow, width, names, needs, heads, em, measure, middle, tall }, words) {
  const texts = [];
  if (!narrow) texts.push([width - needs - em, em, heads[1], "end", "head-words"], [width, em, heads[2], "end", "head-words"]);
  const both = ([, range, need]) => (range && need ? `${range} for ${need}` : range);
  const roomFor = (words) => rows.every((row) => measure(row[0]) + measure(words(row)) + em < width);
  const told = [both, (row) => row[1]].find(roomFor) ?? (() => "");
  rows.forEach((row, i) => {
    const [name, range, need] = row;
    const [above, base] = [i * tall + em * 1.3, middle(i) + em * 0.35];
    if (narrow) texts.push([0, above, fit(name, width, measure), "start", ""], [width, above, told(row), "end", ""]);
    else texts.push([0, base, fit(name, names, measure), "start", ""], [width - needs - em, base, range, "end", ""], [width, base, need, "end", ""]);
  });
  const nodes = words(texts.length);
  texts.forEach(([x, y, text, anchor, kind], i) => {
    put(nodes[i], "class", `halo ${kind}`.trim());
    textAt(nodes[i], x, y, text, anchor);
  });
}
