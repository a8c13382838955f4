package dev.backline.sample.web;

import dev.backline.sample.ledger.Entry;
import dev.backline.sample.ledger.Ledger;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The ledger as one JSON document, written piece by piece as the client reads: the whole would be
 * larger than the heap.
 */
public final class LedgerStream {
  private static final int ENTRIES_A_PIECE = 200;

  private final String instance;
  private final Ledger ledger;

  public LedgerStream(String instance, Ledger ledger) {
    this.instance = instance;
    this.ledger = ledger;
  }

  /** Starts to write; what happens to the ledger afterwards isn't in the document. */
  public Future<Void> writeTo(HttpServerResponse response) {
    response.setChunked(true).putHeader("Content-Type", "application/json");
    List<Entry> entries = ledger.entries();
    String head = JsonObject.of("instance", instance, "dropped", ledger.dropped()).encode();
    return response
        .write(head.substring(0, head.length() - 1) + ",\"entries\":[")
        .compose(written -> rest(response, entries, 0));
  }

  private Future<Void> rest(HttpServerResponse response, List<Entry> entries, int from) {
    if (from >= entries.size()) {
      return response.end("]}\n");
    }
    int to = Math.min(entries.size(), from + ENTRIES_A_PIECE);
    StringBuilder piece = new StringBuilder();
    for (int i = from; i < to; i++) {
      piece.append(i == 0 ? "\n" : ",\n").append(entries.get(i).toJson().encode());
    }
    return response.write(piece.toString()).compose(written -> rest(response, entries, to));
  }
}
