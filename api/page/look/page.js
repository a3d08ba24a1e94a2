// What the whole page needs beside Gradio: its language for screen readers, and a word when the server is gone.
(() => {
  const chinese = (navigator.language || "").toLowerCase().startsWith("zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  const OFFLINE = {{OFFLINE}};

  const plain = window.fetch.bind(window);
  let banner;
  function tell(gone) {
    if (!banner) {
      if (!gone) return;
      banner = document.createElement("p");
      banner.id = "offline";
      banner.setAttribute("role", "alert");
      document.body.append(banner);
    }
    banner.textContent = gone ? OFFLINE[chinese ? 1 : 0] : "";
    banner.hidden = !gone;
  }
  window.fetch = async (...asked) => {
    try {
      const answer = await plain(...asked);
      tell(false);
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") tell(true);
      throw error;
    }
  };

  // Tabs by the arrow keys, as the pattern for tabs has it: one stop for the Tab key, the arrows go on from there.
  const MOVES = { ArrowRight: 1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.("[role=tab]");
    if (!from || event.ctrlKey || event.altKey || event.metaKey) return;
    const tabs = [...from.closest("[role=tablist]").querySelectorAll("[role=tab]:not([disabled])")];
    const last = tabs.length - 1;
    const place = tabs.indexOf(from);
    const to = event.key === "Home" ? 0 : event.key === "End" ? last : place + (MOVES[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.click();
    tab.focus();
  });
})();
