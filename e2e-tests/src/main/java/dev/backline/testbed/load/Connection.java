package dev.backline.testbed.load;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ResponseReader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the load: carries one request at a time and knows the fate of each. Everything
 * happens on the load's event loop.
 */
final class Connection {
  private final Connections connections;
  private final Vertx vertx;
  private final Load.Plan plan;
  private final Clock clock;
  private final Consumer<Request> records;
  private final NetSocket socket;
  private final Address target;
  private final int number;
  private @Nullable Call call;
  private ResponseReader answer = new ResponseReader(false);
  private long timer;
  private int carried;
  private boolean closedByUs;

  Connection(
      Connections connections,
      Vertx vertx,
      Load.Plan plan,
      Clock clock,
      Consumer<Request> records,
      NetSocket socket,
      Address target,
      int number) {
    this.connections = connections;
    this.vertx = vertx;
    this.plan = plan;
    this.clock = clock;
    this.records = records;
    this.socket = socket;
    this.target = target;
    this.number = number;
    socket.handler(this::received);
    socket.closeHandler(closed -> closed());
    // A reset is followed by the close, which decides the fate.
    socket.exceptionHandler(reset -> {});
  }

  void carry(Call next) {
    call = next;
    carried++;
    answer = new ResponseReader(next.spec().method().equals("HEAD"));
    timer = vertx.setTimer(plan.patience().toMillis(), late -> timedOut(next));
    // A failed write closes the connection, which decides the fate.
    socket.write(Buffer.buffer(next.spec().bytes(plan.host(), next.id()))).onFailure(e -> close());
  }

  Address target() {
    return target;
  }

  int number() {
    return number;
  }

  /** Whether it has carried a request before the one that it carries now. */
  boolean reused() {
    return carried > 1;
  }

  void close() {
    closedByUs = true;
    // Closing can only fail because it is closed already.
    socket.close().otherwiseEmpty();
  }

  private void received(Buffer bytes) {
    Call current = call;
    if (current == null) {
      // Bytes that nobody asked for: what follows on this connection can't be trusted.
      connections.unasked();
      close();
      return;
    }
    answer.feed(bytes.getBytes());
    if (answer.stage() == ResponseReader.Stage.MALFORMED) {
      ended(current, Fate.MALFORMED);
      close();
    } else if (answer.stage() == ResponseReader.Stage.COMPLETE) {
      ended(current, Fate.ANSWERED);
      if (answer.keepAlive()) {
        connections.release(this);
      } else {
        close();
      }
    }
  }

  private void closed() {
    Call current = call;
    connections.gone(this, current == null && !closedByUs);
    if (current == null) {
      return;
    }
    answer.end();
    if (answer.stage() == ResponseReader.Stage.COMPLETE) {
      ended(current, Fate.ANSWERED);
    } else {
      ended(current, answer.headSeen() ? Fate.BROKEN_IN_BODY : Fate.BROKEN_BEFORE_HEAD);
    }
  }

  private void timedOut(Call late) {
    if (late.equals(call)) {
      ended(late, Fate.TIMED_OUT);
      close();
    }
  }

  private void ended(Call current, Fate fate) {
    call = null;
    vertx.cancelTimer(timer);
    records.accept(current.ended(fate, clock.micros(), answer, this));
  }
}
