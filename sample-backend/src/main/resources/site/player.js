"use strict";
/* Plays a song in pieces of three seconds, each its own request, some seconds ahead of the ear. A piece that
   breaks off or stands still is asked for again, of whoever answers then: what is playing goes on meanwhile. */
window.player = (() => {
  const PIECE = 128 * 1024;
  const HEADER = 44;
  const AHEAD_SECONDS = 9;
  const PATIENCE_MILLIS = 4000;
  const SHORTEST_DELAY_MILLIS = 200;
  const LONGEST_DELAY_MILLIS = 4000;
  const LEAD_SECONDS = 0.08;
  const TURN_MILLIS = 100;
  const noop = () => {};
  let context = null;
  let analyser = null;
  let song = null;

  /* A newer song, or a jump within this one, makes what is under way obsolete. */
  const isCurrent = (of, jump) => song === of && song.jump === jump;
  const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
  const duration = () => song.bytes / song.bytesASecond;

  function ready() {
    if (context === null) {
      context = new AudioContext({ sampleRate: 22050 });
      analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      analyser.connect(context.destination);
    }
    context.resume();
  }

  /* One piece, as it came: its samples, and who sent it. Throws if it isn't what was asked for. */
  async function fetchPiece(of, index) {
    const first = HEADER + index * PIECE;
    const wanted = Math.min(PIECE, of.bytes === null ? PIECE : of.bytes - index * PIECE);
    const headers = { Range: `bytes=${first}-${first + wanted - 1}` };
    if (of.tag !== null) headers["If-Match"] = of.tag;
    const signal = AbortSignal.any([of.stopped.signal, AbortSignal.timeout(PATIENCE_MILLIS)]);
    const answer = await fetch(`/audio/${of.id}`, { headers, signal, cache: "no-store" });
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get("Content-Range") || "");
    if (answer.status === 412) of.tag = null;
    if (answer.status !== 206 || !range || Number(range[1]) !== first) throw new Error(`answered ${answer.status}`);
    const data = await answer.arrayBuffer();
    if (data.byteLength !== Number(range[2]) - first + 1) throw new Error("broke off");
    of.tag = answer.headers.get("ETag");
    of.bytes = Number(range[3]) - HEADER;
    return { data, instance: answer.headers.get("Backline-Sample-Instance") || "nobody we know" };
  }

  /* Asks until the piece is there, or nobody wants it any more (null). */
  async function piece(of, jump, index) {
    for (let tries = 0; ; tries++) {
      try {
        return await fetchPiece(of, index);
      } catch (error) {
        if (!isCurrent(of, jump)) return null;
        of.again += 1;
        of.on.again(of.again, error.message);
        const delay = Math.min(LONGEST_DELAY_MILLIS, SHORTEST_DELAY_MILLIS * 2 ** tries);
        await wait(delay * (0.5 + Math.random()));
        if (!isCurrent(of, jump)) return null;
      }
    }
  }

  function schedule(of, index, data) {
    const view = new DataView(data);
    const buffer = context.createBuffer(1, data.byteLength >> 1, context.sampleRate);
    const samples = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(2 * i, true) / 32768;
    const begins = index * PIECE / of.bytesASecond;
    const earliest = context.currentTime + LEAD_SECONDS;
    const skipped = Math.max(0, of.from - begins);
    /* Too late, or the first: the clock of the song stands until here. */
    if (of.zero === null || of.zero + begins + skipped < earliest) of.zero = earliest - begins - skipped;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(analyser);
    source.start(of.zero + begins + skipped, skipped);
    of.sources.push(source);
    of.until = begins + buffer.duration;
  }

  const position = () => song.zero === null ? song.from : Math.min(song.until, Math.max(song.from, context.currentTime - song.zero));

  async function load(of, jump) {
    for (let index = Math.floor(of.from * of.bytesASecond / PIECE); ; index++) {
      if (of.bytes !== null && index * PIECE >= of.bytes) break;
      while (isCurrent(of, jump) && of.until - position() > AHEAD_SECONDS) await wait(TURN_MILLIS);
      const loaded = isCurrent(of, jump) ? await piece(of, jump, index) : null;
      if (loaded === null || !isCurrent(of, jump)) return;
      schedule(of, index, loaded.data);
      of.on.piece(index, Math.ceil(of.bytes / PIECE), loaded.instance);
    }
    while (isCurrent(of, jump) && position() < of.until) await wait(TURN_MILLIS);
    if (isCurrent(of, jump)) stop();
  }

  function silence(of) {
    of.sources.forEach((source) => { source.onended = null; source.stop(); });
    of.sources = [];
  }

  function stop() {
    if (song === null) return;
    const over = song;
    song = null;
    over.stopped.abort();
    silence(over);
    over.on.ended();
  }

  /* Begins a song; on: {piece(index, of, instance), again(count, reason), ended()}. */
  function play(id, on) {
    stop();
    ready();
    song = {
      id, on: { piece: noop, again: noop, ended: noop, ...on }, jump: 0, from: 0, until: 0, zero: null, bytes: null,
      bytesASecond: 44100, tag: null, again: 0, sources: [], stopped: new AbortController(),
    };
    load(song, 0);
    return analyser;
  }

  function seek(seconds) {
    if (song === null || song.bytes === null) return;
    silence(song);
    song.jump += 1;
    song.from = Math.min(duration() - 0.1, Math.max(0, seconds));
    song.until = song.from;
    song.zero = null;
    load(song, song.jump);
  }

  /* Returns whether it plays now. */
  function toggle() {
    if (context.state === "running") context.suspend(); else context.resume();
    return context.state !== "running";
  }

  const state = () => song === null || song.bytes === null ? null : { position: position(), duration: duration() };
  return { play, stop, seek, toggle, state };
})();
