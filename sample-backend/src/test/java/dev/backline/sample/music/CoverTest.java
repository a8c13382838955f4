package dev.backline.sample.music;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class CoverTest {
  @Test
  void everySongHasAWellFormedPictureOfItsOwn() throws Exception {
    Set<String> pictures = new HashSet<>();
    Catalogue catalogue = Catalogue.load();
    for (Song song : catalogue.songs()) {
      byte[] svg = Cover.of(song).getBytes();
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg));
      assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(new String(svg, java.nio.charset.StandardCharsets.UTF_8))
          .as(song.title())
          .doesNotContain("NaN", "Infinity", "null");
      pictures.add(Cover.of(song).toString());
    }
    assertThat(pictures).hasSameSizeAs(catalogue.songs());
  }

  @Test
  void sameSongAlwaysHasTheSamePicture() {
    Song song = Catalogue.load().songs().get(3);
    assertThat(Cover.of(song)).isEqualTo(Cover.of(song));
  }
}
