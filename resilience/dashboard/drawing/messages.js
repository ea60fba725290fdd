/* messages.js: what the controls say to the kernel, and whether it is still there.
 *
 * A lever that moves sends at most one message ahead of the picture, the latest wins; what a hand has set is not put back
 * before the kernel has answered it; silence is noticed. Needs dom.js before it.
 */

const PATIENCE = 2000; // ms after which an unanswered message no longer holds the next one back
const SOON = 500; // ms after which a question is said to be worked on
const SILENT = 10000; // ms without an answer after which that is said
const AFTER = 150; // ms between a picture and the controls' view that belongs to it
const BEAT = 5000; // ms between two signs of life
const LOST = 15000; // ms without an answer to them

/** The messages to the kernel: one counter for the page, one moving value in flight. */
function link(model, heard) {
  let flight = 0;
  let next = null;
  let drawn = 0;
  let patience = 0;
  const send = (message) => {
    try {
      model.send(message);
    } catch {
      heard.lost();
    }
  };
  const numbered = (message) => {
    const seq = ++shared.seq;
    heard.sent(seq);
    send({ ...message, seq });
    flight = seq;
    clearTimeout(patience);
    patience = setTimeout(land, PATIENCE);
    return seq;
  };
  /** The kernel has answered, with a picture or a refusal: the next value may go. */
  const land = () => {
    clearTimeout(patience);
    flight = 0;
    if (next) [next, flight] = [null, moving(next)];
  };
  const moving = ({ address, value, sent }) => {
    const seq = numbered({ do: "set", address, value, final: false });
    sent(seq);
    return seq;
  };
  const change = (message) => {
    next = null;
    return numbered(message);
  };
  /** A value on its way: sent now if nothing is in flight, else when the picture has caught up; only the latest is kept. */
  const pass = (address, value, sent) => {
    if (flight) next = { address, value, sent };
    else moving({ address, value, sent });
  };
  const onDrawn = ({ detail }) => {
    drawn = Math.max(drawn, detail.seq ?? 0);
    shared.seq = Math.max(shared.seq, drawn);
    heard.drawn(drawn);
    if (flight && drawn >= flight) land();
  };
  document.addEventListener("resilience:drawn", onDrawn);
  const close = () => {
    clearTimeout(patience);
    document.removeEventListener("resilience:drawn", onDrawn);
  };
  return { send, change, pass, land, close };
}

/** What a hand holds or the kernel has not answered yet: until then the kernel's older value is not put back. */
function holds() {
  const waiting = new Map();
  const drop = (key) => waiting.delete(key);
  const keep = (key, seq, value) => waiting.set(key, { seq, value });
  /** What was sent up to this change is answered. */
  const heard = (seq) => [...waiting].forEach(([key, one]) => one.seq <= seq && drop(key));
  return { keep, drop, heard, has: (key) => waiting.has(key), value: (key) => waiting.get(key)?.value };
}

/** What is being worked out: `tell` gets words when that takes longer than a moment, when it takes long, and "" when it is there. */
function progress(tell) {
  let [asked, soon, late] = [0, 0, 0];
  const begin = (words, ms) => setTimeout(() => tell(words), ms);
  const sent = (seq) => {
    if (!asked) {
      soon = begin("Working …", SOON);
      late = begin(`Still working: the model has not answered for ${SILENT / 1000} seconds.`, SILENT);
    }
    asked = seq;
  };
  const rest = () => {
    [soon, late].forEach(clearTimeout);
    asked = 0;
    tell("");
  };
  /** A picture: of what was asked last, or an older one, which is a sign of life. */
  const drawn = (seq) => {
    const latest = asked;
    if (asked) rest();
    if (latest > seq) sent(latest);
  };
  return { sent, drawn, rest };
}

/** Keep what was chosen with the page in the browser's list of pages, for when it is loaded again. */
function remember(choices) {
  if (!choices || JSON.stringify(history.state?.resilience) === JSON.stringify(choices)) return;
  try {
    history.replaceState({ ...history.state, resilience: choices }, "");
  } catch {
    // The browser takes no more of them just now: the next change is kept again.
  }
}

/** What was chosen before the page was loaded again; null if that is what stands there. */
function remembered(choices) {
  const kept = history.state?.resilience;
  return kept && choices && JSON.stringify(kept) !== JSON.stringify(choices) ? kept : null;
}

/** Watch the connection: a sign of life every few seconds; say when the answers stop. */
function heartbeat(model, send, changed) {
  let [last, asked, count, lost] = [Date.now(), 0, 0, false];
  const judge = () => {
    // Three unanswered asks besides the time: a laptop that slept, or a page in the background, has asked less often.
    const gone = model.comm_live === false || (asked >= 3 && Date.now() - last >= LOST);
    if (gone !== lost) changed((lost = gone));
  };
  const beat = () => {
    judge();
    asked += 1;
    send({ do: "ping", n: ++count });
  };
  const timer = setInterval(beat, BEAT);
  const heard = () => {
    [last, asked] = [Date.now(), 0];
    judge();
  };
  const gone = () => !lost && changed((lost = true));
  model.on("comm:close", gone);
  model.on("comm_live_update", judge);
  beat();
  return { heard, gone, stop: () => clearInterval(timer) };
}

/** Hand a file to the browser. */
function save({ name, type }, bytes) {
  const url = URL.createObjectURL(new Blob(bytes, { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
