// Keyed cards: what stays is kept, what moves glides to its place (unless the visitor wants no motion).
const box = element.querySelector(".cards");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const GLIDE_MS = 350;
const FOCUSABLE = "a, button, summary";

// What the visitor has opened stays open, what has the focus keeps it, and a picture that is there is not fetched again.
function fill(card, told) {
  if (card.dataset.html !== told.html) {
    const open = [...card.querySelectorAll("details[open]")].map((each) => each.className);
    const pictures = new Map([...card.querySelectorAll("img")].map((each) => [each.src, each]));
    const focused = [...card.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    card.innerHTML = told.html;
    for (const name of open) card.querySelector(`details[class="${name}"]`)?.setAttribute("open", "");
    for (const fresh of card.querySelectorAll("img")) {
      const kept = pictures.get(fresh.src);
      if (kept) fresh.replaceWith(Object.assign(kept, { alt: fresh.alt }));
    }
    if (focused >= 0) card.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
    card.dataset.html = told.html;
  }
  card.className = `card ${told.classes}`;
}

function render() {
  const told = props.value || [];
  const before = new Map([...box.children].map((card) => [card.dataset.key, card]));
  const places = new Map([...before].map(([key, card]) => [key, card.getBoundingClientRect()]));
  const order = told.map((each) => {
    const card = before.get(each.key) || document.createElement("li");
    card.dataset.key = each.key;
    fill(card, each);
    before.delete(each.key);
    return card;
  });
  for (const card of before.values()) card.remove();
  const focused = box.contains(document.activeElement) && document.activeElement; // what is moved loses it
  order.forEach((card, place) => {
    if (box.children[place] !== card) box.insertBefore(card, box.children[place] || null);
  });
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
  if (!still.matches) order.forEach((card) => glide(card, places.get(card.dataset.key)));
}

function glide(card, from) {
  if (!from) return;
  const to = card.getBoundingClientRect();
  const [x, y] = [from.left - to.left, from.top - to.top];
  if (!x && !y) return;
  card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: GLIDE_MS, easing: "ease-out" });
}

element.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-act]");
  if (!pressed || !element.contains(pressed)) return;
  const key = pressed.dataset.key ?? pressed.closest(".card")?.dataset.key;
  trigger("act", { act: pressed.dataset.act, key });
});

watch("value", render);
render();
