"use strict";
// Asks for the page anew and takes over the parts that changed; focus, scrolling and open lists stay as they are.
(() => {
  const every = Number(document.documentElement.dataset.takt) * 1000;
  const pause = document.getElementById("stans");
  const lost = document.getElementById("brudd");
  const told = document.getElementById("melding");
  const parts = () => document.querySelectorAll("[data-del]");
  const seen = new Map([...parts()].map((part) => [part.id, part.outerHTML]));
  let paused = false;

  const take = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old || seen.get(fresh.id) === fresh.outerHTML) return;
    seen.set(fresh.id, fresh.outerHTML);
    const open = [...old.querySelectorAll("details[open]")].map((one) => one.id);
    const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
    for (const id of open) {
      const one = fresh.querySelector(`details[id="${CSS.escape(id)}"]`);
      if (one) one.open = true;
    }
    old.replaceWith(document.adoptNode(fresh));
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (paused || document.hidden) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (paused) return;
      const before = document.getElementById("kort").textContent;
      page.querySelectorAll("[data-del]").forEach(take);
      document.title = page.title;
      const after = document.getElementById("kort").textContent;
      if (after !== before) told.textContent = after;
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
  };

  const again = async () => {
    await refresh();
    setTimeout(again, every);
  };

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Oppdater igjen" : "Stans oppdatering";
    if (!paused) refresh();
  });
  document.addEventListener("visibilitychange", refresh);
  setTimeout(again, every);
})();
