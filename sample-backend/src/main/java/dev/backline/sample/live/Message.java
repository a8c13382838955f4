package dev.backline.sample.live;

import io.vertx.core.json.JsonObject;

/**
 * Something that happened, in words for a wire. Made once for all listeners.
 *
 * @param id by which a listener says what it heard last
 * @param json one line
 */
record Message(String id, String event, String json) {
  /** Nothing happened, and the line is alive. */
  static final String BEAT = "{\"event\":\"beat\"}";

  static Message of(String id, String event, JsonObject data) {
    JsonObject whole = JsonObject.of("event", event, "id", id).mergeIn(data);
    return new Message(id, event, whole.encode());
  }
}
