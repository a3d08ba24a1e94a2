"use strict";
(() => {
  const WORDS = {
    en: {
      title: "Blind review", heading: "Which list answers better?",
      lead: "For every query there are two lists, each with its best document first. Give each list a mark: 1 is of no " +
        "use, 5 is just what was asked for. What stands higher counts more. Equal marks are allowed.",
      name: "Your name", save: "Save marks", afresh: "Begin afresh",
      count: (done, all) => `${done} of ${all} marked`, place: (at, all) => `Query ${at} of ${all}`, task: "Task: ",
      list: { left: "List A", right: "List B" }, previous: "Previous", next: "Next", queries: "Queries",
      state: { none: "not marked", half: "half marked", done: "marked" },
      hint: "Keys: [1] to [5] mark the lists in turn, [A] and [B] choose one, [N] or [Enter] next, [P] previous.",
      picture: "Picture", larger: "Show the picture larger", close: "Close the picture", whole: "The whole text",
      unread: "This could not be read.", empty: "No document.", nameless: "Please write your name first.",
      all: "All are marked. Save your marks, and send the file to whoever gave you the sheet.",
      saved: (file) => `Saved as ${file}. Send this file to whoever gave you the sheet.`,
      unkept: "This browser keeps nothing when the page is closed: save your marks before that.",
      sure: "Remove all marks and the name from this browser?",
    },
    zh: {
      title: "盲评", heading: "哪个列表更好？",
      lead: "每个查询有两个列表，最好的文档排在最前。请给每个列表打分：1 分毫无用处，5 分正是所求。排在前面的文档更重要。可以打相同的分。",
      name: "您的姓名", save: "保存评分", afresh: "重新开始",
      count: (done, all) => `已评 ${done} / ${all}`, place: (at, all) => `查询 ${at} / ${all}`, task: "任务：",
      list: { left: "列表 A", right: "列表 B" }, previous: "上一个", next: "下一个", queries: "查询",
      state: { none: "未评", half: "评了一半", done: "已评" },
      hint: "按键：[1] 至 [5] 依次打分，[A]、[B] 选择列表，[N] 或 [Enter] 下一个，[P] 上一个。",
      picture: "图片", larger: "放大图片", close: "关闭图片", whole: "全文",
      unread: "无法读取。", empty: "没有文档。", nameless: "请先填写姓名。",
      all: "全部评完。请保存评分，并把文件发给给您评审表的人。",
      saved: (file) => `已保存为 ${file}。请把该文件发给给您评审表的人。`,
      unkept: "此浏览器在关闭页面后不保留任何内容：请在关闭前保存评分。",
      sure: "从此浏览器中删除所有评分和姓名？",
    },
  };
  const LONG = 420;
  const SIDES = ["left", "right"];
  const lang = /^zh/i.test(navigator.language || "") ? "zh" : "en";
  const words = WORDS[lang];
  const sheet = JSON.parse(document.getElementById("sheet").textContent);
  const place = `lychee-review-${sheet.id}`;
  let at = 0, turn = "left", unsaved = false, kept = true;
  let state = { name: "", marks: {} };

  try {
    state = checked(JSON.parse(localStorage.getItem(place) || "{}"));
  } catch { kept = false; }

  function checked(found) {
    const marks = {};
    for (const { id } of sheet.cards)
      for (const side of SIDES) {
        const mark = found.marks?.[id]?.[side];
        if ([1, 2, 3, 4, 5].includes(mark)) (marks[id] ??= {})[side] = mark;
      }
    return { name: typeof found.name === "string" ? found.name : "", marks };
  }

  function keep() {
    try {
      localStorage.setItem(place, JSON.stringify(state));
      kept = true;
    } catch { kept = false; }
    if (!kept) tell(words.unkept);
  }

  // Texts of the sheet only ever become text nodes.
  function make(name, given = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(given))
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== null) node.setAttribute(key, value);
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  const marksOf = (id) => state.marks[id] || {};
  const stateOf = (id) => ["none", "half", "done"][SIDES.filter((side) => marksOf(id)[side]).length];
  const done = () => sheet.cards.filter(({ id }) => stateOf(id) === "done").length;

  const told = make("p", { class: "told", role: "status" });
  const count = make("p", { class: "count" });
  const name = make("input", { type: "text", id: "name", autocomplete: "name", maxlength: 80, value: state.name });
  const save = make("button", { type: "button", id: "save", onclick: download }, words.save);
  const places = make("ol", { class: "places" });
  const nav = make("nav", { "aria-label": words.queries }, places);
  const main = make("main", { class: "wrap" });
  const large = make("dialog", { "aria-label": words.picture });
  const fields = Object.fromEntries(SIDES.map((side) => [side, markField(side)]));
  name.addEventListener("input", () => { state.name = name.value; unsaved = true; keep(); });

  function tell(text) { told.replaceChildren(text); }

  function markField(side) {
    const marks = [1, 2, 3, 4, 5].map((mark) =>
      make("label", { class: "mark" },
        make("input", {
          type: "radio", name: side, value: mark, "aria-label": `${words.list[side]}: ${mark}`,
          onchange: () => give(side, mark),
        }),
        make("span", { "aria-hidden": "true" }, String(mark))));
    return make("fieldset", { "data-side": side }, make("legend", {}, words.list[side]), ...marks);
  }

  function shown({ text, picture, unread }) {
    if (unread) return make("div", { class: "shown" }, make("p", { class: "unread" }, words.unread));
    return make("div", { class: "shown" }, picture === null ? null : pictureOf(picture), text === null ? null : textOf(text));
  }

  function pictureOf(number) {
    const source = sheet.pictures[number];
    return make("button", { type: "button", class: "picture", "aria-label": words.larger, onclick: () => enlarge(source) },
      make("img", { src: source, alt: words.picture }));
  }

  function enlarge(source) {
    large.replaceChildren(make("button", { type: "button", "aria-label": words.close, onclick: () => large.close() },
      make("img", { src: source, alt: words.picture })));
    large.showModal();
  }

  function textOf(text) {
    const letters = [...text];
    if (letters.length <= LONG) return make("p", { class: "text" }, text);
    return make("div", {}, make("p", { class: "text" }, `${letters.slice(0, LONG).join("")}…`),
      make("details", {}, make("summary", {}, words.whole), make("p", { class: "text" }, text)));
  }

  function list(side, documents) {
    const items = documents.map((one, number) =>
      make("li", {}, make("span", { class: "rank" }, `${number + 1}.`), shown(one)));
    return make("section", { class: "list", "data-side": side, "aria-label": words.list[side] },
      make("h2", {}, words.list[side]), items.length ? make("ol", {}, ...items) : make("p", {}, words.empty));
  }

  function open(number) {
    at = Math.max(0, Math.min(sheet.cards.length - 1, number));
    const card = sheet.cards[at];
    turn = SIDES.find((side) => !marksOf(card.id)[side]) || "left";
    main.replaceChildren(
      make("section", { class: "query" },
        make("h2", {}, words.place(at + 1, sheet.cards.length)), shown(card.query),
        card.task ? make("p", { class: "task" }, words.task + card.task) : null),
      make("div", { class: "lists" }, ...SIDES.map((side) => list(side, card[side]))));
    refresh();
  }

  function go(number) {
    tell("");
    open(number);
    nav.scrollIntoView();
  }

  function give(side, mark) {
    const { id } = sheet.cards[at];
    state.marks[id] = { ...marksOf(id), [side]: mark };
    unsaved = true;
    turn = side === "left" ? "right" : turn;
    tell("");
    if (done() === sheet.cards.length)
      told.append(words.all, make("button", { type: "button", class: "main", onclick: download }, words.save));
    keep();
    refresh();
  }

  function refresh() {
    const { id } = sheet.cards[at];
    count.textContent = words.count(done(), sheet.cards.length);
    save.className = done() === sheet.cards.length ? "main" : "";
    for (const side of SIDES) {
      fields[side].classList.toggle("turn", side === turn);
      main.querySelector(`.list[data-side=${side}]`).classList.toggle("turn", side === turn);
      for (const input of fields[side].querySelectorAll("input"))
        input.checked = Number(input.value) === marksOf(id)[side];
    }
    [...places.children].forEach((item, number) => {
      const button = item.firstChild, mine = stateOf(sheet.cards[number].id);
      button.className = mine;
      button.setAttribute("aria-label", `${words.place(number + 1, sheet.cards.length)}, ${words.state[mine]}`);
      if (number === at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
  }

  function download() {
    const reviewer = state.name.trim();
    if (!reviewer) {
      tell(words.nameless);
      name.focus();
      return;
    }
    const marks = { format: "lychee-review-marks", version: 1, sheet: sheet.id, reviewer,
      saved: new Date().toISOString(), marks: state.marks };
    const file = `marks-${reviewer.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "reviewer"}.json`;
    const url = URL.createObjectURL(new Blob([JSON.stringify(marks, null, 1)], { type: "application/json" }));
    make("a", { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    unsaved = false;
    tell(words.saved(file));
  }

  function afresh() {
    if (!confirm(words.sure)) return;
    state = { name: "", marks: {} };
    name.value = "";
    unsaved = false;
    tell("");
    keep();
    open(0);
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || large.open || event.target === name) return;
    const key = event.key.toLowerCase();
    const onButton = event.target.closest?.("button, summary");
    if (/^[1-5]$/.test(key)) give(turn, Number(key));
    else if (key === "a" || key === "b") {
      turn = key === "a" ? "left" : "right";
      refresh();
    } else if (key === "n" || (key === "enter" && !onButton)) go(at + 1);
    else if (key === "p") go(at - 1);
    else return;
    event.preventDefault();
  }

  function hint() {
    const parts = words.hint.split(/\[([^\]]+)\]/);
    return make("p", { class: "hint" }, ...parts.map((part, number) => (number % 2 ? make("kbd", {}, part) : part)));
  }

  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = words.title;
  places.append(...sheet.cards.map((_, number) =>
    make("li", {}, make("button", { type: "button", onclick: () => go(number) }, String(number + 1)))));
  document.body.append(
    make("header", {}, make("div", { class: "wrap" },
      make("h1", {}, words.heading), make("p", { class: "lead" }, words.lead),
      make("div", { class: "bar" },
        make("label", { for: "name" }, words.name, name), save,
        make("button", { type: "button", class: "plain", onclick: afresh }, words.afresh), count),
      nav)),
    main,
    make("footer", {}, make("div", { class: "wrap" }, told,
      make("div", { class: "row" },
        make("button", { type: "button", onclick: () => go(at - 1) }, words.previous), fields.left, fields.right,
        make("button", { type: "button", class: "main", onclick: () => go(at + 1) }, words.next)),
      hint())),
    large);
  document.addEventListener("keydown", pressed);
  addEventListener("beforeunload", (event) => { if (unsaved && !kept) event.preventDefault(); });
  open(Math.max(0, sheet.cards.findIndex(({ id }) => stateOf(id) !== "done")));
  if (!kept) tell(words.unkept);
})();
