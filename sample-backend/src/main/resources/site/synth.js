"use strict";
/* A riff for every song, made from its number: the same song always sounds the same. */
window.synth = (() => {
  const TEMPO = {
    "Garage": 152, "Ambient": 66, "Synth pop": 118, "Post-rock": 92,
    "Shoegaze": 104, "Dub": 74, "Math rock": 132, "Folk": 96,
  };
  const VOICE = {
    "Garage": "sawtooth", "Ambient": "sine", "Synth pop": "square", "Post-rock": "triangle",
    "Shoegaze": "sawtooth", "Dub": "triangle", "Math rock": "square", "Folk": "triangle",
  };
  const SCALE = [0, 3, 5, 7, 10, 12, 15, 17];
  const STEPS = 32;
  let context = null;
  let current = null;

  function dice(seed) {
    let state = seed * 2654435761 >>> 0;
    return () => {
      state = (state * 1664525 + 1013904223) >>> 0;
      return state / 4294967296;
    };
  }

  function note(out, at, frequency, length, voice, loud) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = voice;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    oscillator.connect(gain).connect(out);
    oscillator.start(at);
    oscillator.stop(at + length + 0.05);
    return oscillator;
  }

  function stop() {
    if (current === null) return;
    const { oscillators, out, timer, ended } = current;
    current = null;
    clearTimeout(timer);
    out.gain.setTargetAtTime(0, context.currentTime, 0.04);
    oscillators.forEach((oscillator) => oscillator.stop(context.currentTime + 0.2));
    ended();
  }

  /* Plays the song's riff once; returns what the scope reads. */
  function play(id, genre, ended) {
    stop();
    context = context || new AudioContext();
    context.resume();
    const random = dice(id + 41);
    const root = 98 * Math.pow(2, Math.floor(random() * 8) / 12);
    const step = 30 / TEMPO[genre];
    const filter = context.createBiquadFilter();
    const echo = context.createDelay(1);
    const echoed = context.createGain();
    const out = context.createGain();
    const analyser = context.createAnalyser();
    filter.frequency.value = 1600;
    echo.delayTime.value = step * 1.5;
    echoed.gain.value = genre === "Dub" || genre === "Ambient" ? 0.5 : 0.22;
    out.gain.value = 0.5;
    analyser.fftSize = 1024;
    filter.connect(out);
    filter.connect(echo).connect(echoed).connect(echo);
    echoed.connect(out);
    out.connect(analyser).connect(context.destination);

    const phrase = Array.from({ length: 8 }, () => random() < 0.24 ? -1 : Math.floor(random() * SCALE.length));
    const oscillators = [];
    const start = context.currentTime + 0.06;
    for (let i = 0; i < STEPS; i++) {
      const at = start + i * step;
      const degree = phrase[(i + (i >= 16 ? 1 : 0)) % phrase.length];
      if (degree >= 0) {
        oscillators.push(note(filter, at, root * 2 * Math.pow(2, SCALE[degree] / 12), step * 1.8, VOICE[genre], 0.2));
      }
      if (i % 4 === 0) {
        const bass = root / 2 * Math.pow(2, SCALE[[0, 0, 3, 2][i / 8 | 0]] / 12);
        oscillators.push(note(filter, at, bass, step * 3.6, "triangle", 0.5));
      }
    }
    const timer = setTimeout(stop, (STEPS * step + 1.2) * 1000);
    current = { oscillators, out, timer, ended };
    return analyser;
  }

  return { play, stop };
})();
