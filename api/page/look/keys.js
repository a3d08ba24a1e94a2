// Tabs by the keyboard, as the pattern for tabs has it: one stop for the Tab key, and the arrows go on from there.
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
  const hasTabs = (node) => node.querySelector?.("[role=tablist]");
  new MutationObserver((changes) => {
    const ours = ({ target, addedNodes }) => target.closest?.("[role=tablist]") || [...addedNodes].some(hasTabs);
    if (changes.some(ours)) oneStop();
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-selected"] });
})();
