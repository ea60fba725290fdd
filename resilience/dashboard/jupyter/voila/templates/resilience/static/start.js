// Before the widgets: says that the page starts, and says so when it does not. Each widget takes over from here.
"use strict";
(() => {
  const SLOW = 12000, LATE = 45000; // milliseconds
  let settled = false;
  const started = () => document.querySelector("#content .resilience-page > *, #content .output .jupyter-widgets");
  const put = (words, alert) => {
    const old = document.getElementById("starting-words");
    if (!old) return;
    if (!alert) { old.textContent = words; return; }
    const box = document.getElementById("starting"), said = document.createElement("p"), again = document.createElement("button");
    said.setAttribute("role", "alert");
    said.id = "starting-words";
    said.textContent = words;
    again.type = "button";
    again.textContent = "Reload";
    again.addEventListener("click", () => location.reload());
    box.replaceChildren(said, again);
  };
  const fail = (words) => {
    if (settled || started()) return;
    settled = true;
    document.body.classList.add("failed");
    put(words, true);
  };
  const look = () => {
    if (started()) {
      settled = true;
      document.getElementById("starting")?.remove();
    } else if (document.querySelector("[data-failed]")) {
      settled = true;
      document.getElementById("starting")?.remove();
    } else return;
    seen.disconnect();
  };
  const seen = new MutationObserver(look);
  seen.observe(document.documentElement, { childList: true, subtree: true });
  addEventListener("error", (event) => {
    if (event.target instanceof HTMLScriptElement) fail("A part of the page could not be loaded. Is the program still running?");
  }, true);
  setTimeout(() => settled || started() || put("Still starting: this takes longer than usual …"), SLOW);
  setTimeout(() => fail("The page did not start. Load it again; if it fails again, stop the program with Ctrl-C and start it anew."), LATE);
})();
