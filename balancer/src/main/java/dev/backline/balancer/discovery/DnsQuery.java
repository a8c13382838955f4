package dev.backline.balancer.discovery;

import dev.backline.balancer.config.DnsConfig.Server;
import dev.backline.balancer.model.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/**
 * One question on its way to one server: over UDP from a port of its own, and over TCP if the reply
 * doesn't fit. Lives on the event loop that it was sent from.
 */
final class DnsQuery {
  private final NetClient tcp;
  private final Server server;
  private final DnsQuestion question;
  private final Duration timeout;
  private final DatagramSocket udp;
  private final Promise<Finding> promise = Promise.promise();
  private final Buffer received = Buffer.buffer();
  private boolean askedOverTcp;
  private boolean gotNonsense;
  private boolean finished;

  private DnsQuery(
      Vertx vertx, NetClient tcp, Server server, DnsQuestion question, Duration timeout) {
    this.timeout = timeout;
    this.tcp = tcp;
    this.server = server;
    this.question = question;
    this.udp =
        vertx.createDatagramSocket(new DatagramSocketOptions().setIpV6(!server.address().isV4()));
  }

  /** Asks; the future never fails, and comes within the timeout. */
  static Future<Finding> send(
      Vertx vertx, NetClient tcp, Server server, DnsQuestion question, Duration timeout) {
    DnsQuery query = new DnsQuery(vertx, tcp, server, question, timeout);
    long timer = vertx.setTimer(timeout.toMillis(), t -> query.onTimeout());
    query.sendDatagram();
    return query.promise.future().onComplete(f -> vertx.cancelTimer(timer));
  }

  private void sendDatagram() {
    udp.exceptionHandler(e -> {}); // What it breaks ends by the timer.
    udp.handler(this::onDatagram);
    udp.listen(0, server.address().isV4() ? "0.0.0.0" : "::")
        .compose(
            socket ->
                socket.send(
                    Buffer.buffer(question.toBytes()), server.port(), server.address().toString()))
        .onFailure(e -> finish(unknown("can't be asked: " + e.getMessage())));
  }

  private void onDatagram(DatagramPacket packet) {
    // Anybody may send to this port; only who was asked is heard.
    String host = packet.sender().host().replaceFirst("%.*", "");
    if (finished
        || packet.sender().port() != server.port()
        || !server.address().equals(IpAddress.parse(host))) {
      return;
    }
    DnsReply reply = DnsReply.read(packet.data().getBytes(), question);
    if (reply == null) {
      gotNonsense = true; // The right answer may still come.
    } else if (!reply.truncated()) {
      finish(Finding.of(reply, who()));
    } else if (!askedOverTcp) {
      askedOverTcp = true;
      tcp.connect(
              new ConnectOptions()
                  .setHost(server.address().toString())
                  .setPort(server.port())
                  .setTimeout(Math.toIntExact(timeout.toMillis())))
          .onSuccess(this::askOver)
          .onFailure(e -> finish(unknown("gives a long answer, but not over TCP")));
    }
  }

  private void askOver(NetSocket socket) {
    if (finished) {
      socket.close();
      return;
    }
    promise.future().onComplete(f -> socket.close());
    socket.exceptionHandler(e -> {}); // Its end follows.
    socket.closeHandler(v -> finish(unknown("broke off a long answer over TCP")));
    socket.handler(this::onBytes);
    byte[] message = question.toBytes();
    socket.write(Buffer.buffer().appendUnsignedShort(message.length).appendBytes(message));
  }

  private void onBytes(Buffer bytes) {
    received.appendBuffer(bytes);
    if (received.length() < 2 || received.length() < 2 + received.getUnsignedShort(0)) {
      return;
    }
    int end = 2 + received.getUnsignedShort(0);
    DnsReply reply = DnsReply.read(received.getBytes(2, end), question);
    finish(
        reply == null || reply.truncated()
            ? unknown("answers over TCP, but not the question")
            : Finding.of(reply, who()));
  }

  private void onTimeout() {
    String time = " within " + timeout.toMillis() + " ms";
    finish(
        unknown(
            gotNonsense
                ? "sent only what doesn't answer the question" + time
                : "didn't answer" + time));
  }

  private Finding unknown(String words) {
    return new Finding.Unknown(who() + " " + words);
  }

  private String who() {
    return "the DNS server " + server;
  }

  private void finish(Finding finding) {
    if (!finished) {
      finished = true;
      udp.close();
      promise.complete(finding);
    }
  }
}
