package dev.backline.sample.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.sample.music.Catalogue;
import dev.backline.sample.music.Song;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

class WavTest {
  /** Of all songs, one behind the other, as {@link Composer#VERSION} 1 composes them. */
  private static final String VERSION_1 =
      "2312cc69b63710223e1ae4560e6bcc41d2678e1eb7942592de6afaec1e694bb1";

  private final List<Song> songs = Catalogue.load().songs();

  /** The tag is made of the version: other bytes under the same tag would be put together. */
  @Test
  void bytesOfAVersionNeverChange() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    songs.forEach(song -> digest.update(whole(wav(song)).getBytes()));
    assertThat(Composer.VERSION).isEqualTo(1);
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(VERSION_1);
  }

  @Test
  void anyPartIsThatOfTheWhole() {
    SplittableRandom random = new SplittableRandom(5);
    for (Song song : songs.subList(0, 8)) {
      Wav wav = wav(song);
      Buffer whole = whole(wav);
      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(i < 10 ? 60 : whole.length());
        int count = random.nextInt(Math.min(5_000, whole.length() - from));
        assertThat(wav.bytes(from, count)).isEqualTo(whole.slice(from, from + count));
      }
    }
  }

  @Test
  void everySongIsAWavOfHalfAMinuteOfItsOwn() throws Exception {
    Set<Buffer> different = new HashSet<>();
    for (Song song : songs) {
      Buffer whole = whole(wav(song));
      different.add(whole);
      try (AudioInputStream read =
          AudioSystem.getAudioInputStream(new ByteArrayInputStream(whole.getBytes()))) {
        AudioFormat format = read.getFormat();
        assertThat(format.getSampleRate()).isEqualTo(22_050);
        assertThat(format.getSampleSizeInBits()).isEqualTo(16);
        assertThat(format.getChannels()).isEqualTo(1);
        assertThat(read.getFrameLength() / 22_050).as(song.title()).isBetween(20L, 40L);
        assertThat(read.readAllBytes()).hasSize(whole.length() - 44);
      }
    }
    assertThat(different).hasSameSizeAs(songs);
  }

  /** Neither silent nor pressed flat, in every second of it but the last. */
  @Test
  void everySongCanBeHeard() {
    for (Song song : songs) {
      Score score = Composer.compose(song.id(), song.genre());
      int seconds = score.samples() / Score.RATE;
      for (int second = 0; second < seconds - 1; second++) {
        short[] samples = score.samples(second * Score.RATE, Score.RATE);
        double squares = 0;
        int pressed = 0;
        for (short sample : samples) {
          squares += (double) sample * sample;
          pressed += Math.abs(sample) > 29_500 ? 1 : 0;
        }
        String where = song.title() + ", second " + second;
        assertThat(Math.sqrt(squares / samples.length)).as(where).isBetween(300.0, 16_000.0);
        assertThat(pressed).as(where).isLessThan(Score.RATE / 100);
      }
    }
  }

  @Test
  void everyGenreOfTheCatalogueHasAStyleOfItsOwn() {
    Set<Style> styles = new HashSet<>();
    Set<String> genres = new HashSet<>();
    for (Song song : songs) {
      styles.add(Style.of(song.genre()));
      genres.add(song.genre());
    }
    assertThat(styles).hasSameSizeAs(genres);
  }

  private static Wav wav(Song song) {
    return new Wav(Composer.compose(song.id(), song.genre()));
  }

  private static Buffer whole(Wav wav) {
    return wav.bytes(0, (int) wav.length());
  }
}
