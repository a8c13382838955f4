"use strict";
/* The list of songs: reads it again from the API, plays, likes, turns pages. */
(() => {
  const SAMPLE_INSTANCE = "Backline-Sample-Instance";
  const at = (id) => document.getElementById(id);
  const list = at("list");
  const pages = document.querySelector(".pages");
  const template = at("card").innerHTML.trim();
  const liked = new Set(JSON.parse(localStorage.getItem("liked") || "[]"));
  const listener = localStorage.getItem("listener") || `browser-${Math.random().toString(36).slice(2, 12)}`;
  localStorage.setItem("listener", listener);
  let page = Number(pages.dataset.page);
  let last = Number(pages.dataset.pages);
  let playing = null;

  const name = window.lineCheck.name;

  function trouble(text) {
    at("trouble").textContent = text;
    at("trouble").hidden = text === "";
  }

  /* One call of the API: its answer, and which instance gave it. */
  async function call(method, path, body) {
    const options = { method };
    if (body) {
      options.headers = { "Content-Type": "application/json" };
      options.body = JSON.stringify(body);
    }
    try {
      const answer = await fetch(path, options);
      const json = await answer.json();
      if (!answer.ok) throw new Error(json.error || `answered ${answer.status}`);
      trouble("");
      return { json, instance: answer.headers.get(SAMPLE_INSTANCE) || "nobody we know" };
    } catch (error) {
      trouble(`${method} ${path}: ${error.message}`);
      throw error;
    }
  }

  const escaped = (value) => String(value)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

  function card(song) {
    return template.replace(/\{\{([a-z]+)\}\}/g, (all, key) => escaped(song[key]));
  }

  function mark() {
    for (const item of list.children) {
      const id = Number(item.dataset.song);
      item.classList.toggle("playing", id === playing);
      item.querySelector(".like").setAttribute("aria-pressed", String(liked.has(id)));
    }
    at("prev").setAttribute("aria-disabled", String(page <= 1));
    at("next").setAttribute("aria-disabled", String(page >= last));
  }

  async function load(wanted) {
    const path = `/api/v1/music?page=${wanted}&limit=${pages.dataset.limit}`;
    const { json, instance } = await call("GET", path);
    page = json.page;
    last = json.pages;
    list.innerHTML = json.items.map(card).join("");
    at("page").textContent = page;
    at("pages").textContent = last;
    name(at("answered"), instance);
    name(at("list-by"), instance);
    mark();
  }

  const cardOf = (song) => list.querySelector(`[data-song="${song}"]`);

  /* Numbers of an instance, whoever told them. */
  function count({ song, plays, likes }) {
    const item = cardOf(song);
    if (item === null) return;
    if (plays !== undefined) item.querySelector(".plays").textContent = plays;
    if (likes !== undefined) item.querySelector(".likes").textContent = likes;
    item.classList.remove("told");
    requestAnimationFrame(() => item.classList.add("told"));
  }

  function scope(analyser) {
    const canvas = at("scope");
    const pen = canvas.getContext("2d");
    const wave = new Uint8Array(analyser.fftSize);
    const draw = () => {
      if (at("player").hidden) return;
      analyser.getByteTimeDomainData(wave);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.strokeStyle = "#ffb35c";
      pen.lineWidth = 3;
      pen.beginPath();
      wave.forEach((value, i) => pen.lineTo(i * canvas.width / wave.length, value / 256 * canvas.height));
      pen.stroke();
      requestAnimationFrame(draw);
    };
    draw();
  }

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  /* Which instance sent which three seconds, in its colour. */
  function piece(index, of, instance) {
    const pieces = at("pieces");
    while (pieces.children.length < of) pieces.append(document.createElement("i"));
    pieces.children[index].style.setProperty("--who", window.lineCheck.colour(instance));
    pieces.children[index].title = instance;
    name(at("audio-by"), instance);
    name(at("sent"), instance);
  }

  function tick() {
    const state = window.player.state();
    if (at("player").hidden) return;
    if (state !== null) {
      const seek = at("seek");
      seek.max = state.duration.toFixed(1);
      if (!seek.matches(":active")) seek.value = state.position.toFixed(1);
      seek.setAttribute("aria-valuetext", `${clock(state.position)} of ${clock(state.duration)}`);
      at("time").textContent = `${clock(state.position)} / ${clock(state.duration)}`;
    }
    setTimeout(tick, 200);
  }

  function pressed(playsOn) {
    at("pause").textContent = playsOn ? "Pause" : "Go on";
  }

  async function play(item) {
    const id = Number(item.dataset.song);
    const text = (selector) => item.querySelector(selector).textContent;
    const analyser = window.player.play(id, {
      piece,
      again: (count) => { at("again").textContent = count === 1 ? "1 piece asked for again" : `asked again ${count} times`; },
      ended: () => {
        playing = null;
        at("player").hidden = true;
        document.body.classList.remove("plays");
        mark();
      },
    });
    playing = id;
    at("pieces").replaceChildren();
    at("again").textContent = "";
    at("time").textContent = "0:00";
    at("seek").value = 0;
    at("now-cover").src = item.querySelector("img").src;
    at("now-title").textContent = text("h3");
    at("now-artist").textContent = text(".artist");
    at("counted").textContent = "…";
    at("player").hidden = false;
    document.body.classList.add("plays");
    pressed(true);
    mark();
    scope(analyser);
    tick();
    const { json, instance } = await call("POST", "/api/v1/plays", { song: id });
    count({ song: id, plays: json.plays });
    name(at("counted"), instance);
    if (window.liveFeed && window.liveFeed.instance() !== instance) {
      window.liveFeed.show({ event: "play", title: text("h3"), instance, at: Date.now() });
    }
  }

  async function like(item) {
    const id = Number(item.dataset.song);
    const wanted = !liked.has(id);
    const { json } = await call("PUT", `/api/v1/likes/${id}`, { listener, liked: wanted });
    if (wanted) liked.add(id); else liked.delete(id);
    localStorage.setItem("liked", JSON.stringify([...liked]));
    item.querySelector(".likes").textContent = json.likes;
    mark();
  }

  const quietly = (promise) => promise.catch(() => { /* said in the alert already */ });

  list.addEventListener("click", (event) => {
    const item = event.target.closest(".card");
    if (event.target.closest(".play")) {
      if (Number(item.dataset.song) === playing) window.player.stop(); else quietly(play(item));
    } else if (event.target.closest(".like")) {
      quietly(like(item));
    }
  });
  at("surprise").addEventListener("click", () => quietly(play(list.children[Math.floor(Math.random() * list.children.length)])));
  at("stop").addEventListener("click", () => window.player.stop());
  at("pause").addEventListener("click", () => pressed(window.player.toggle()));
  at("seek").addEventListener("change", () => window.player.seek(Number(at("seek").value)));
  for (const [id, by] of [["prev", -1], ["next", 1]]) {
    at(id).addEventListener("click", (event) => {
      event.preventDefault();
      quietly(load(Math.min(last, Math.max(1, page + by))).then(() => at("songs").scrollIntoView()));
    });
  }

  name(at("served"), at("served").textContent);
  name(at("page-by"), at("page-by").textContent);
  quietly(load(page));
  window.liveFeed?.start({ happened: count, poll: () => quietly(load(page)) });
})();
