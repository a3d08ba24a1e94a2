// Runs before the page's own scripts: counts the events that Gradio was asked for and has not told the end of.
(() => {
  const QUIET_MS = 250;
  const pending = new Set();
  const ended = new Set();
  let touched = performance.now();
  const touch = () => (touched = performance.now());
  for (const kind of ["keydown", "pointerdown", "click", "input", "change", "drop", "paste"])
    window.addEventListener(kind, touch, true);
  window.addEventListener("load", touch);

  const plain = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const url = String(asked[0]?.url ?? asked[0]);
    if (!/\/queue\/(join|data)/.test(url)) return plain(...asked);
    const one = {};
    pending.add(one);
    touch();
    try {
      const answer = await plain(...asked);
      if (url.includes("/queue/join")) {
        const told = await answer.clone().json().catch(() => ({}));
        if (told.event_id && !ended.delete(told.event_id)) pending.add(told.event_id);
      } else read(answer.clone());
      return answer;
    } finally {
      pending.delete(one);
      touch();
    }
  };

  async function read(answer) {
    let text = "";
    try {
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
        const lines = text.split("\n");
        text = lines.pop();
        for (const line of lines) note(line);
      }
    } catch {
      pending.clear(); // the connection is lost: nothing will come of what was asked for
    }
    touch();
  }

  function note(line) {
    if (!line.startsWith("data:")) return;
    const told = JSON.parse(line.slice(5));
    if (told.msg !== "process_completed" && told.msg !== "unexpected_error") return;
    if (!pending.delete(told.event_id)) ended.add(told.event_id);
    touch();
  }

  window.lycheeWatch = {
    settled: () => document.readyState === "complete" && !pending.size && performance.now() - touched > QUIET_MS,
    pending,
  };
})();
