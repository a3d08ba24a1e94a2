// What the whole page needs beside Gradio: its language for screen readers, a word when the server is gone or refuses
// something, and pictures made smaller before they are sent.
(() => {
  const chinese = (navigator.language || "").toLowerCase().startsWith("zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  const WORDS = { offline: {{OFFLINE}}, back: {{BACK}}, reload: {{RELOAD}}, ended: {{ENDED}}, slower: {{SLOWER}},
    tooLarge: {{TOO_LARGE}}, noRoom: {{NO_ROOM}}, gone: {{GONE}}, stalled: {{STALLED}}, refused: {{REFUSED}} };
  const say = (name) => WORDS[name][chinese ? 1 : 0];
  const plain = window.fetch.bind(window);

  // --- The banner, one for all -------------------------------------------------------------------------------------
  const STAYS = ["offline", "back", "ended"];  // until the page is loaded anew, or the server is there again
  const OFFERS_RELOAD = ["back", "ended", "refused"];
  let banner, told = "", timer;
  function tell(name) {
    told = name;
    clearTimeout(timer);
    if (!banner) {
      if (!name) return;
      banner = document.createElement("div");
      banner.id = "offline";
      banner.setAttribute("role", "alert");
      document.body.append(banner);
    }
    banner.replaceChildren();
    banner.hidden = !name;
    banner.className = name === "back" ? "good" : "";
    if (!name) return;
    banner.append(say(name));
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.onclick = act;
      banner.append(" ", made);
      return made;
    };
    if (OFFERS_RELOAD.includes(name)) button(say("reload"), () => location.assign("/"));
    if (name !== "ended" && name !== "offline") button("×", () => tell("")).ariaLabel = chinese ? "关闭" : "Close";
    if (!STAYS.includes(name)) timer = setTimeout(() => tell(""), 12000);
  }

  // --- Whether the server is there ---------------------------------------------------------------------------------
  let asking;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  function lost() {
    if (told !== "ended") tell("offline");
    asking ??= (async () => {
      for (;;) {
        await wait(1500);
        const answer = await plain("/gradio_api/app_id").catch(() => null);
        if (!answer || answer.status >= 500) continue;
        asking = undefined;
        if (answer.status === 401) return tell("ended");
        return tell("back");
      }
    })();
  }
  const REFUSALS = { 403: "refused", 404: "gone", 408: "stalled", 413: "tooLarge", 429: "slower", 502: "offline", 503: "offline",
    504: "offline", 507: "noRoom" };
  const STREAM = /\/gradio_api\/queue\/data\?/, UPLOADS = /\/gradio_api\/upload(\?|$)/, ASKS = /\/gradio_api\/(upload(\?|$)|queue\/join)/;
  // As Gradio reads it: it ends the event, and shows the sentence where it shows any.
  const refusal = (name, status) => new Response(JSON.stringify({ detail: say(name) }), { status });
  function heeded(url, answer) {
    const asks = ASKS.test(url);
    const name = answer.status === 401 ? "ended" : asks && REFUSALS[answer.status];
    if (name) {
      name === "offline" ? lost() : tell(name);
      return refusal(name, answer.status);
    }
    if (told === "offline" && answer.status < 500) tell("back");
    else if (told === "back" && asks) tell("");
    return answer;
  }
  window.fetch = async (asked, options) => {
    const url = String(asked?.url ?? asked);
    try {
      const sent = UPLOADS.test(url) ? await lighter(options) : options;
      if (sent?.body instanceof FormData && weight(sent.body) > LARGEST) {
        tell("tooLarge");  // nothing of it is sent, for the answer might be lost while it is
        return refusal("tooLarge", 413);
      }
      const answer = heeded(url, await plain(asked, sent));
      return STREAM.test(url) && answer.ok ? unbroken(answer) : answer;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      lost();
      if (ASKS.test(url)) return refusal("offline", 503);
      if (STREAM.test(url)) return new Response(BROKEN, { headers: { "Content-Type": "text/event-stream" } });
      throw error;
    }
  };
  window.addEventListener("offline", lost);
  // The answers to what was asked come in one stream. Where it breaks off, Gradio would load the page anew, with
  // nothing left of what was typed: it is told that these events failed, and the next begins another stream.
  const BROKEN = new TextEncoder().encode(`\n\ndata: ${JSON.stringify({
    msg: "unexpected_error", message: say("offline"), success: false, session_not_found: false })}\n\n`);
  function unbroken(answer) {
    const reader = answer.body.getReader();
    const body = new ReadableStream({
      async pull(into) {
        try {
          const { done, value } = await reader.read();
          done ? into.close() : into.enqueue(value);
        } catch (error) {
          if (error.name === "AbortError") return into.error(error);
          lost();
          into.enqueue(BROKEN);
          into.close();
        }
      },
      cancel: (why) => reader.cancel(why),
    });
    return new Response(body, { status: answer.status, headers: answer.headers });
  }

  // --- Pictures as phones make them --------------------------------------------------------------------------------
  const LARGEST = {{MAX_UPLOAD_BYTES}}, HEAVY = 4 * 2 ** 20, WIDE = 4096, ENOUGH = 2048, QUALITY = 0.92;
  let indexing = false;  // what goes into a collection goes as it is
  for (const kind of ["change", "drop", "paste"]) {
    addEventListener(kind, (event) => {
      indexing = !!event.target?.closest?.("#tab-collections");
      const files = (event.dataTransfer ?? event.clipboardData ?? event.target)?.files;
      if (files instanceof FileList && [...files].some((file) => file.size > LARGEST)) tell("tooLarge");
    }, true);
  }
  const weight = (form) => [...form.values()].reduce((sum, each) => sum + (each.size ?? 0), 0);
  async function lighter(options) {
    if (indexing || !(options?.body instanceof FormData)) return options;
    const body = new FormData();
    for (const [name, each] of options.body) body.append(name, await smaller(each));
    return { ...options, body };
  }
  async function smaller(file) {
    if (!(file instanceof Blob) || !/^image\/(?!svg|gif)/.test(file.type)) return file;
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const longest = Math.max(bitmap.width, bitmap.height);
      if (file.size <= HEAVY && longest <= WIDE) return file;
      const scale = Math.min(1, ENOUGH / longest);
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      const brush = canvas.getContext("2d");
      brush.fillStyle = "white";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.imageSmoothingQuality = "high";
      brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      if (!blob) return file;
      const name = (file.name || "picture").replace(/\.[^.]*$/, "") + ".jpg";
      return new File([blob], name, { type: "image/jpeg" });
    } catch {
      return file;  // this browser cannot read it; the server says what it thinks of it
    } finally {
      bitmap?.close();
    }
  }
})();
