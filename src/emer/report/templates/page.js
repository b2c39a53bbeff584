"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const words = (text) => (text || "").split(" ").filter(Boolean);
  const player = one("player"), playhead = one("playhead"), timeline = one("timeline");
  const detail = document.createElement("div");
  detail.className = "detail";
  const duration = timeline ? Number(timeline.dataset.duration) : 0;
  let chosen = null;

  const clear = () => {
    for (const lit of all(".lit, .against")) lit.classList.remove("lit", "against");
    if (chosen) chosen.setAttribute("aria-pressed", "false");
    chosen = null;
    document.body.classList.remove("choosing");
    detail.remove();
  };
  const light = (ids, name) => {
    for (const id of ids) {
      for (const lit of all(`[data-cue="${id}"], [data-chip="${id}"], [data-mark~="${id}"]`)) lit.classList.add(name);
    }
  };
  const startOf = (item, ids) => {
    const starts = (item.dataset.start ? [item.dataset.start] : ids.map((id) => (one(`cue-${id}`) || item).dataset.start))
      .filter((start) => start !== undefined).map(Number);
    return starts.length ? Math.min(...starts) : null;
  };
  const show = (ids, item) => {
    if (item.closest("#observed")) return;
    const host = item.closest("[data-host]") || document.querySelector(".hint");
    if (host.tagName === "LI") host.append(detail);
    else host.after(detail);
    detail.replaceChildren(...ids.map((id) => one(`cue-${id}`)).filter(Boolean).map((cue) => {
      const copy = cue.cloneNode(true);
      copy.removeAttribute("id");
      copy.classList.remove("lit", "against");
      const button = copy.querySelector("button"), name = document.createElement("b");
      name.className = button.className.replace(/lit|against/g, "");
      name.textContent = button.textContent;
      button.replaceWith(name);
      const values = copy.querySelector(".values");
      if (ids.length > 1 && values) values.remove();
      return copy;
    }));
  };
  const seek = (start) => {
    if (start === null) return "";
    if (playhead) playhead.style.left = `${(100 * start) / duration}%`;
    if (player) player.currentTime = start;
    return `, at ${start.toFixed(1)} seconds`;
  };
  const choose = (item, ids, against) => {
    const again = item === chosen;
    clear();
    if (again) return;
    chosen = item;
    if (item.hasAttribute("aria-pressed")) item.setAttribute("aria-pressed", "true");
    document.body.classList.add("choosing");
    light(ids, "lit");
    light(against, "against");
    show([...ids, ...against], item);
    const where = seek(startOf(item, ids));
    const n = ids.length + against.length;
    one("told").textContent = `${n} ${n === 1 ? "cue" : "cues"} lit${where}`;
  };
  const choosable = "[data-cues], .bar[data-cue], [data-chip]";
  const pick = (item) => {
    const own = item.dataset.cue || item.dataset.chip;
    choose(item, own ? [own] : words(item.dataset.cues), words(item.dataset.against));
  };
  document.addEventListener("click", (event) => {
    const item = event.target.closest(choosable);
    if (item) return pick(item);
    const track = event.target.closest("#timeline .track");
    if (track) {
      const box = track.getBoundingClientRect();
      seek(Math.max(0, Math.min(duration, (duration * (event.clientX - box.left)) / box.width)));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return clear();
    const item = event.target.closest && event.target.closest("span[role=button]");
    if (item && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      pick(item);
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && event.target.classList.contains("bar")) {
      const bars = all(".bar", event.target.parentElement);
      const next = bars[(bars.indexOf(event.target) + step + bars.length) % bars.length];
      for (const bar of bars) bar.tabIndex = bar === next ? 0 : -1;
      next.focus();
      event.preventDefault();
    }
  });
  for (const track of all("#timeline .track")) all(".bar", track).forEach((bar, at) => { bar.tabIndex = at ? -1 : 0; });
  if (player) {
    const follow = () => { if (playhead) playhead.style.left = `${(100 * player.currentTime) / duration}%`; };
    for (const name of ["timeupdate", "seeking"]) player.addEventListener(name, follow);
    player.addEventListener("play", () => {
      const tick = () => { follow(); if (!player.paused && !player.ended) requestAnimationFrame(tick); };
      tick();
    });
  }
  const media = player || one("picture");
  const lost = () => { one("lost").hidden = false; media.hidden = true; };
  if (media) {
    media.addEventListener("error", lost);
    if (media.error || (media.complete && media.naturalWidth === 0)) lost();
  }
  addEventListener("beforeprint", () => { for (const each of all("details")) each.open = true; });
})();
