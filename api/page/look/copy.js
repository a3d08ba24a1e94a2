// Buttons that copy: `data-copy="text"` copies the text, an empty one copies the code of the figure that it stands in.
(() => {
  const COPIED = {{COPIED}};
  const NOT_COPIED = {{NOT_COPIED}};
  const SHOWN_MS = 2500;
  const word = (both) => both[document.documentElement.lang.startsWith("zh") ? 1 : 0];
  let status;

  function tell(button, text) {
    if (!status) {
      status = document.createElement("p");
      status.className = "visually-hidden";
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
    button.dataset.label ??= button.textContent;
    button.textContent = text;
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = setTimeout(() => { button.textContent = button.dataset.label; }, SHOWN_MS);
  }

  // Browsers lend the clipboard to pages by https or of this machine only; a selection may be copied everywhere.
  function copyBySelection(text) {
    const field = document.createElement("textarea");
    const focused = document.activeElement;
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const code = button.closest(".code")?.querySelector("pre");
    const done = await copy(button.dataset.copy || code?.textContent || "");
    if (!done && code) getSelection().selectAllChildren(code);
    tell(button, word(done ? COPIED : NOT_COPIED));
  });
})();
