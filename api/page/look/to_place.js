// Something that is brought into view when its `data-place` becomes another.
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let last = "";

function show() {
  const place = element.querySelector("[data-place]")?.dataset.place ?? "";
  if (place && place !== last) element.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  last = place;
}

watch("value", () => requestAnimationFrame(show));
requestAnimationFrame(show);
