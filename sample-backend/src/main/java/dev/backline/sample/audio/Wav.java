package dev.backline.sample.audio;

import dev.backline.sample.web.Body;
import io.vertx.core.buffer.Buffer;

/**
 * A score as a WAV file, 16 bit PCM with one channel: computed where it is read, never held as a
 * whole.
 */
record Wav(Score score) implements Body.Sized {
  private static final int HEADER = 44;
  private static final int BYTES_A_SAMPLE = 2;
  private static final short PCM = 1;
  private static final short CHANNELS = 1;

  @Override
  public long length() {
    return HEADER + (long) BYTES_A_SAMPLE * score.samples();
  }

  @Override
  public Buffer bytes(long from, int count) {
    Buffer bytes = Buffer.buffer(count);
    long end = from + count;
    if (from < HEADER) {
      bytes.appendBuffer(header().slice((int) from, (int) Math.min(HEADER, end)));
    }
    long first = Math.max(from, HEADER) - HEADER;
    long last = end - HEADER;
    if (first < last) {
      appendSamples(bytes, (int) first, (int) last);
    }
    return bytes;
  }

  /** From one byte behind the header to another, not included; samples may be cut in two. */
  private void appendSamples(Buffer bytes, int first, int last) {
    int from = first / BYTES_A_SAMPLE;
    int to = (last + BYTES_A_SAMPLE - 1) / BYTES_A_SAMPLE;
    Buffer whole = Buffer.buffer((to - from) * BYTES_A_SAMPLE);
    for (short sample : score.samples(from, to - from)) {
      whole.appendShortLE(sample);
    }
    int skipped = first - from * BYTES_A_SAMPLE;
    bytes.appendBuffer(whole.slice(skipped, skipped + last - first));
  }

  private Buffer header() {
    int size = Math.toIntExact(length());
    return Buffer.buffer(HEADER)
        .appendString("RIFF")
        .appendIntLE(size - 8)
        .appendString("WAVEfmt ")
        .appendIntLE(16)
        .appendShortLE(PCM)
        .appendShortLE(CHANNELS)
        .appendIntLE(Score.RATE)
        .appendIntLE(Score.RATE * BYTES_A_SAMPLE)
        .appendShortLE((short) BYTES_A_SAMPLE)
        .appendShortLE((short) 16)
        .appendString("data")
        .appendIntLE(size - HEADER);
  }
}
