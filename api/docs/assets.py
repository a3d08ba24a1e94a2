"""The style and the script of /docs, as text: the page carries them, so that it needs nothing from anywhere."""

STYLE = """
:root { --ink: #1d1b1a; --soft: #6f6a66; --line: #e6e1dc; --paper: #fffdfb; --lychee: #c2274b; --code: #f7f2ee; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece7e3; --soft: #a19a94; --line: #3a3532; --paper: #1b1918; --lychee: #ff7d98; --code: #262321; }
}
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 21rem minmax(0, 56rem); gap: 3rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem; border-right: 1px solid var(--line); }
nav h1 { margin: 0; font-size: 1.4rem; color: var(--lychee); }
nav h2 { margin: 1.2rem 0 .3rem; font-size: .75rem; letter-spacing: .08em; text-transform: uppercase;
  color: var(--soft); }
nav p, #ask { margin: 0; color: var(--soft); font-size: .85rem; } #ask { display: block; margin-top: 1rem; }
nav > a { display: block; padding: .15rem 0; color: inherit; font: .78rem/1.5 ui-monospace, monospace;
  text-decoration: none; overflow-wrap: anywhere; }
nav > a:hover, a { color: var(--lychee); }
main { padding: 1.5rem 1.5rem 6rem 0; }
main > h2 { margin: 2.5rem 0 .5rem; font-size: 1.5rem; }
article { margin: 1.2rem 0; padding: 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: .7rem;
  scroll-margin-top: 1rem; }
article h3 { margin: 0 0 .5rem; font-size: 1.05rem; }
h4 { margin: 1.1rem 0 .3rem; font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
span.get, span.post, span.put, span.delete { display: inline-block; min-width: 3.6rem; padding: .05rem .4rem;
  border-radius: .3rem; color: #fff; font: 600 .7rem/1.6 ui-monospace, monospace; text-align: center; }
span.get { background: #2f7d5b; } span.post { background: #2c5fa8; } span.put { background: #a2660c; }
span.delete { background: #b3263a; }
code, pre, textarea, input { font: .85rem/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: .8rem 1rem; border-radius: .5rem; background: var(--code); white-space: pre-wrap;
  overflow-wrap: anywhere; max-height: 30rem; overflow: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
td { padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
td:first-child { white-space: nowrap; } td:nth-child(2) { min-width: 9rem; color: var(--soft); }
i { color: var(--lychee); font-size: .75rem; } small { color: var(--soft); }
.answer { margin: .3rem 0; font-size: .9rem; } .s2 { color: #2f7d5b; } .s4, .s5 { color: var(--lychee); }
details { margin: .8rem 0; } summary { cursor: pointer; color: var(--lychee); font-weight: 600; }
form { display: grid; gap: .6rem; margin-top: .6rem; } label { font-size: .85rem; }
textarea { min-height: 9rem; } textarea, input { width: 100%; padding: .6rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--code); color: inherit; }
button { justify-self: start; padding: .4rem 1.2rem; border: 0; border-radius: .5rem; background: var(--lychee);
  color: var(--paper); font: inherit; font-weight: 600; cursor: pointer; }
@media (max-width: 60rem) {
  body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 0 1rem 4rem; }
  table, tbody, tr, td { display: block; } td { padding: 0; border: 0; overflow-wrap: anywhere; }
  td:first-child { padding-top: .5rem; white-space: normal; }
  tr { padding-bottom: .5rem; border-top: 1px solid var(--line); }
}
"""

SCRIPT = """
for (const form of document.forms) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const {method, path} = form.dataset, result = form.querySelector("pre"), body = form.elements.body;
  const url = path.replace(/{([a-z_]+)}/g, (_, name) => encodeURIComponent(form.elements[name].value));
  const headers = body ? {"Content-Type": "application/json"} : {}, key = document.getElementById("key");
  if (key && key.value.trim()) headers.Authorization = `Bearer ${key.value.trim()}`;
  for (const each of form.querySelectorAll("[data-header]")) if (each.value.trim()) headers[each.name] = each.value;
  const options = body ? {method, headers, body: body.value} : {method, headers};
  result.hidden = false;
  result.textContent = "...";
  try {
    const answer = await fetch(url, options), type = answer.headers.get("Content-Type") || "";
    const text = type.includes("json") ? JSON.stringify(await answer.json(), null, 2)
      : type.startsWith("image/") ? `${type}, ${(await answer.blob()).size} bytes` : await answer.text();
    result.textContent = `${answer.status} ${answer.statusText}\\n${text}`;
  } catch (error) { result.textContent = String(error); }
});
"""
