package dev.backline.sample.page;

import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Resource;
import dev.backline.sample.web.Resources;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The files that the page needs, held in memory from the start. */
public final class Assets {
  private static final String REVALIDATE = "no-cache";
  private static final String KEEP = "public, max-age=3600";

  public List<Resource> resources() {
    return List.of(
        file("/style.css", "text/css; charset=utf-8"),
        file("/app.js", "text/javascript; charset=utf-8"),
        file("/linecheck.js", "text/javascript; charset=utf-8"),
        file("/player.js", "text/javascript; charset=utf-8"),
        file("/feed.js", "text/javascript; charset=utf-8"),
        file("/favicon.svg", "image/svg+xml"),
        resource("/hero.svg", Answer.file("image/svg+xml", HeroPicture.draw(), KEEP)));
  }

  private static Resource file(String path, String type) {
    Buffer bytes = Buffer.buffer(Resources.bytes("/site" + path));
    return resource(path, Answer.file(type, bytes, REVALIDATE));
  }

  private static Resource resource(String path, Answer answer) {
    return Resource.at(path).get(request -> answer);
  }
}
