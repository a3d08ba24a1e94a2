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
})();
