/* merged.js: the two traits of the widget Controls as one view: `catalogue` never changes, `view` holds what does. */

/** What the controls draw: the catalogue with what is chosen, and every lever with what it stands at now. */
function merged(model) {
  const [all, now] = [model.get("catalogue"), model.get("view")];
  if (!all?.levers || !now) return {};
  const chosen = new Set(now.chosen);
  return {
    ...now,
    strategies: all.strategies,
    groups: all.groups,
    scenarios: all.scenarios.map((one) => ({ ...one, chosen: chosen.has(one.name) })),
    // file: its figure of the file; stands: what it stands at under the scenarios ticked; value: what it is set to.
    levers: all.levers.map((one) => ({ ...one, changed: false, file: one.value, stands: one.value, ...now.moved?.[one.address] })),
  };
}
