// What Gradio's tabs and folds leave out for those who have no mouse or do not see: one stop of the Tab key for the tabs
// and the arrows from there, and whether a fold is open.
(() => {
  const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
  const tabsOf = (list) => [...list.querySelectorAll("[role=tab]:not([disabled])")];

  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.("[role=tab]");
    if (!from || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const tabs = tabsOf(from.closest("[role=tablist]"));
    const place = { Home: 0, End: tabs.length - 1 }[event.key] ?? tabs.indexOf(from) + STEPS[event.key];
    if (Number.isNaN(place)) return;
    event.preventDefault();
    const tab = tabs[(place + tabs.length) % tabs.length];
    tab.click();
    tab.focus();
  });

  function oneStop() {
    for (const list of document.querySelectorAll("[role=tablist]"))
      for (const tab of tabsOf(list)) tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
  }

  const isOpen = (fold) => fold.querySelector("[data-testid=accordion-content]")?.style.display !== "none";
  function tellFolds() {
    for (const fold of document.querySelectorAll(".gr-accordion"))
      fold.querySelector(".label-wrap")?.setAttribute("aria-expanded", String(isOpen(fold)));
  }
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.(".label-wrap")) requestAnimationFrame(tellFolds);
  });

  const hasTabs = (node) => node.querySelector?.("[role=tablist]");
  const hasFold = (node) => node.matches?.(".gr-accordion, .gr-accordion *") || node.querySelector?.(".gr-accordion");
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    if (added.some(hasTabs) || changes.some(({ target }) => target.closest?.("[role=tablist]"))) oneStop();
    if (added.some(hasFold)) tellFolds();
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-selected"] });
})();
