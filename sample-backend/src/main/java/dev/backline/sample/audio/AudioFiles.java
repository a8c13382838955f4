package dev.backline.sample.audio;

import dev.backline.sample.music.Catalogue;
import dev.backline.sample.music.Song;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.EntityTag;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import java.util.List;

/**
 * The songs to be heard, at {@code /audio/1} and on: the same bytes from every instance, so that a
 * player can go on with another where one left off.
 */
public final class AudioFiles {
  private final Catalogue catalogue;

  public AudioFiles(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  public List<Resource> resources() {
    return List.of(Resource.at("/audio/:id").get(this::file));
  }

  private Answer file(Request request) {
    return catalogue.find(request).fold(AudioFiles::file, message -> Answer.error(404, message));
  }

  private static Answer file(Song song) {
    String source = Composer.VERSION + "/" + song.id() + "/" + song.genre();
    Wav wav = new Wav(Composer.compose(song.id(), song.genre()));
    return Answer.inParts("audio/wav", wav, EntityTag.strong(source), "no-cache");
  }
}
