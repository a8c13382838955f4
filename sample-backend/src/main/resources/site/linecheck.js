"use strict";
/* Asks /whoami again and again and draws who answered, and how fast. */
window.lineCheck = (() => {
  const KEPT = 40;
  const BURST = 16;
  const FASTEST_MILLIS = 1;
  const SLOWEST_MILLIS = 1000;
  const PATIENCE_MILLIS = 5000;
  const COLOURS = ["#ffb35c", "#7c9bff", "#4fd6b0", "#ff7fa6", "#c79bff", "#8fd14f", "#ff8a5c", "#6cd0ff"];
  const bars = document.getElementById("bars");
  const tally = document.getElementById("tally");
  const toggle = document.getElementById("check-toggle");
  const answers = new Map();
  const known = [];
  let keep = false;
  let left = BURST;

  /* backend-1, backend-2, … always have the same colours; other names get them as they come. */
  function colour(instance) {
    const number = /(\d{1,2})$/.exec(instance);
    if (number) return COLOURS[(Number(number[1]) + COLOURS.length - 1) % COLOURS.length];
    if (!known.includes(instance)) known.push(instance);
    return COLOURS[known.indexOf(instance) % COLOURS.length];
  }

  /* On a logarithmic scale: 1 ms is the floor, 1 s the ceiling. */
  function height(millis) {
    const bounded = Math.min(SLOWEST_MILLIS, Math.max(FASTEST_MILLIS, millis));
    return 12 + 88 * Math.log(bounded / FASTEST_MILLIS) / Math.log(SLOWEST_MILLIS / FASTEST_MILLIS);
  }

  function draw(instance, millis) {
    const bar = document.createElement("li");
    const text = instance === null ? "no answer" : `${instance}, ${millis.toFixed(1)} ms`;
    bar.title = text;
    bar.setAttribute("aria-label", text);
    if (instance === null) {
      bar.className = "lost";
      bar.style.height = "100%";
    } else {
      bar.style.setProperty("--who", colour(instance));
      bar.style.height = `${height(millis)}%`;
    }
    bars.append(bar);
    while (bars.children.length > KEPT) bars.firstChild.remove();
    const name = instance === null ? "lost" : instance;
    answers.set(name, (answers.get(name) || 0) + 1);
    tally.replaceChildren(...[...answers].sort().map(([who, count]) => {
      const entry = document.createElement("li");
      const number = document.createElement("strong");
      entry.style.setProperty("--who", who === "lost" ? "#ff4d4d" : colour(who));
      number.textContent = count;
      entry.append(`${who} `, number);
      return entry;
    }));
  }

  async function ask() {
    const start = performance.now();
    try {
      const answer = await fetch("/whoami", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MILLIS) });
      if (!answer.ok) throw new Error(String(answer.status));
      const { instance } = await answer.json();
      draw(instance, performance.now() - start);
    } catch {
      draw(null, 0);
    }
    if (keep || --left > 0) setTimeout(ask, keep ? 400 : 120);
  }

  toggle.addEventListener("click", () => {
    const idle = !keep && left <= 0;
    keep = !keep;
    left = 0;
    toggle.setAttribute("aria-pressed", String(keep));
    toggle.textContent = keep ? "Stop checking" : "Keep checking";
    if (idle) ask();
  });
  ask();

  /* Shows an instance by its name and its colour. */
  function name(element, instance) {
    element.textContent = instance;
    element.parentElement.style.setProperty("--who", colour(instance));
  }

  return { colour, name };
})();
