// Keyed cards: what stays is kept, what moves glides to its place (unless the visitor wants no motion).
const box = element.querySelector(".cards");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const GLIDE_MS = 350;

function fill(card, told) {
  if (card.dataset.html !== told.html) {
    const open = [...card.querySelectorAll("details[open]")].map((each) => each.className);
    card.innerHTML = told.html;
    for (const name of open) card.querySelector(`details[class="${name}"]`)?.setAttribute("open", "");
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
  order.forEach((card, place) => {
    if (box.children[place] !== card) box.insertBefore(card, box.children[place] || null);
  });
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
