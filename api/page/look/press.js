// A part of the page whose buttons tell what they are for: `data-act`, and `data-key` where there are several.
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-act]");
  if (pressed && element.contains(pressed)) trigger("act", { act: pressed.dataset.act, key: pressed.dataset.key });
});
