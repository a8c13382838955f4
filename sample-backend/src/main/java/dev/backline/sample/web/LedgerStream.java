package dev.backline.sample.web;

import dev.backline.sample.ledger.Entry;
import dev.backline.sample.ledger.Ledger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

  public Answer answer() {
    return Answer.flow("application/json", this::writeTo);
  }

  /** Starts to write; what happens to the ledger afterwards isn't in the document. */
  private Future<Void> writeTo(HttpServerResponse response) {
    List<Entry> entries = ledger.entries();
    String head = JsonObject.of("instance", instance, "dropped", ledger.dropped()).encode();
    Promise<Void> written = Promise.promise();
    Future<Void> first = response.write(head.substring(0, head.length() - 1) + ",\"entries\":[");
    Pieces.inTurn(first, written, () -> piece(response, entries, 0, written));
    return written.future();
  }

  private void piece(
      HttpServerResponse response, List<Entry> entries, int from, Promise<Void> written) {
    if (from >= entries.size()) {
      response.end("]}\n").onComplete(written);
      return;
    }
    int to = Math.min(entries.size(), from + ENTRIES_A_PIECE);
    StringBuilder piece = new StringBuilder();
    for (int i = from; i < to; i++) {
      piece.append(i == 0 ? "\n" : ",\n").append(entries.get(i).toJson().encode());
    }
    Pieces.inTurn(
        response.write(piece.toString()), written, () -> piece(response, entries, to, written));
  }
}
