"use strict";
/* What happens at the instance that serves the feed: over WebSocket, or as server-sent events where that doesn't
   get through; meanwhile, and without either, the page asks for its list again every few seconds. */
window.liveFeed = (() => {
  const FIRST_DELAY_MILLIS = 500;
  const LONGEST_DELAY_MILLIS = 15000;
  const SILENCE_MILLIS = 17000;
  const POLL_MILLIS = 5000;
  const SOCKETS_FIRST = 2;
  const SHOWN = 6;
  const at = (id) => document.getElementById(id);
  const list = at("feed");
  const names = { play: "played", like: "liked", unlike: "no longer liked" };
  let heardLast = "";
  let failures = 0;
  let silence = null;
  let connected = false;
  let on = { happened: () => {}, poll: () => {} };

  const query = () => heardLast ? `?last_event_id=${encodeURIComponent(heardLast)}` : "";

  function status(text, instance) {
    connected = instance !== undefined;
    at("feed-status").textContent = text;
    at("feed-state").dataset.state = connected ? "up" : "away";
    if (connected) window.lineCheck.name(at("feed-by"), instance); else at("feed-by").textContent = "nobody yet";
  }

  function ago(when) {
    const seconds = Math.max(0, Math.round((Date.now() - when) / 1000));
    if (seconds < 60) return seconds < 3 ? "now" : `${seconds} s ago`;
    return seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
  }

  function show(message) {
    const item = document.createElement("li");
    const title = document.createElement("strong");
    const who = document.createElement("span");
    const when = document.createElement("time");
    title.textContent = message.title;
    who.className = "by";
    who.textContent = message.instance;
    item.style.setProperty("--who", window.lineCheck.colour(message.instance));
    when.dataset.at = message.at;
    when.textContent = ago(message.at);
    item.append(title, ` ${names[message.event] || message.event} at `, who, when);
    list.prepend(item);
    while (list.children.length > SHOWN) list.lastChild.remove();
    at("feed-empty").hidden = true;
  }

  function hear(message, over) {
    if (message.id) heardLast = message.id;
    if (message.event === "hello") {
      failures = 0;
      status(`live over ${over}`, message.instance);
      if (!message.resumed) {
        list.replaceChildren();
        at("feed-empty").hidden = false;
        message.recent.forEach(show);
      }
    } else if (message.event !== "beat") {
      show(message);
      on.happened(message);
    }
  }

  /* Calls lost() once, whatever ends first: the connection, or its silence. */
  function watch(close, again) {
    let over = false;
    const lost = () => {
      if (over) return;
      over = true;
      clearTimeout(silence);
      close();
      again();
    };
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MILLIS);
    };
    heard();
    return { lost, heard };
  }

  function socket() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const connection = new WebSocket(`${scheme}//${location.host}/live${query()}`);
    const watched = watch(() => connection.close(), later);
    connection.onmessage = (event) => { watched.heard(); hear(JSON.parse(event.data), "WebSocket"); };
    connection.onclose = watched.lost;
  }

  function events() {
    const connection = new EventSource(`/events${query()}`);
    const watched = watch(() => connection.close(), later);
    for (const name of ["hello", "play", "like", "unlike", "beat"]) {
      connection.addEventListener(name, (event) => { watched.heard(); hear(JSON.parse(event.data), "server-sent events"); });
    }
    connection.onerror = watched.lost;
  }

  function later() {
    const bound = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS * 2 ** failures);
    const delay = bound * (0.5 + Math.random() / 2);
    failures += 1;
    status(`reconnecting in ${(delay / 1000).toFixed(1)} s; the list is asked for instead`);
    setTimeout(connect, delay);
  }

  const connect = () => {
    /* Every other time after the first ones: a way that was closed may be open again. */
    if (failures < SOCKETS_FIRST || failures % 2 === 1) socket(); else events();
  };

  setInterval(() => {
    for (const when of list.querySelectorAll("time")) when.textContent = ago(Number(when.dataset.at));
  }, 1000);
  setInterval(() => { if (!connected && !document.hidden) on.poll(); }, POLL_MILLIS);

  /* handlers: {happened(message), poll()} */
  function start(handlers) {
    on = handlers;
    status("connecting");
    connect();
  }

  return { start, instance: () => connected ? at("feed-by").textContent : null, show };
})();
