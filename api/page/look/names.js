// What Gradio's own buttons are called for those who do not see them: some have English names in every language, one has
// the key of a word for a name, and holds a second button, which a screen reader cannot tell from it.
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const NAMES = [{{UPLOAD}}, {{FILE}}, {{CAMERA}}, {{PASTE}}, {{DROP}}, {{DROP_FILES}}, {{REMOVE}}, {{FULL}}, {{RESET}}, {{COPY}},
    {{REMOVE_FILE}}];
  const names = new Map(chinese ? NAMES : []);
  names.set("common.upload", {{MORE}}[chinese ? 1 : 0]);

  function name(node) {
    for (const attribute of ["aria-label", "title"]) {
      const better = names.get(node.getAttribute(attribute));
      if (better) node.setAttribute(attribute, better);
    }
  }
  function join(inner) {
    const outer = inner.parentElement.closest("button");
    if (!outer || inner.inert) return;
    inner.inert = true;
    outer.addEventListener("click", () => inner.querySelector("input[type=file]")?.click());
  }
  function mend(root) {
    for (const node of [root, ...root.querySelectorAll("[aria-label], [title]")]) name(node);
    for (const inner of root.querySelectorAll("button button")) join(inner);
  }
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) mend(node);
  }).observe(document, { subtree: true, childList: true });
})();
