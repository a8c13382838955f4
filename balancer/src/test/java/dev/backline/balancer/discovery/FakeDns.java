package dev.backline.balancer.discovery;

import dev.backline.balancer.model.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A little DNS server on loopback, over UDP and TCP, that answers as it is told to. */
public final class FakeDns implements AutoCloseable {
  /** How it answers. */
  public enum Manner {
    /** As a server should. */
    WELL,
    /** That there is no such name. */
    NO_NAME,
    /** That there are no addresses. */
    EMPTY,
    /** That it failed. */
    SERVFAIL,
    /** That it won't. */
    REFUSED,
    /** Not at all. */
    SILENCE,
    /** By UDP only that it is too long for it, and well by TCP. */
    TRUNCATED,
    /** By UDP only that it is too long for it, and by TCP it hangs up. */
    TRUNCATED_AND_BROKEN,
    /** By bytes that mean nothing. */
    GARBAGE,
    /** By bytes that mean nothing, and then well. */
    GARBAGE_FIRST,
    /** Well, but with the number of another question. */
    WRONG_ID,
    /** Well, but about another name. */
    WRONG_NAME,
    /** Well, but from another port. */
    WRONG_PORT,
    /** That the name is an alias, and of what. */
    ALIAS
  }

  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int CNAME = 5;
  private static final int TTL_SECONDS = 600;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final AtomicInteger questions = new AtomicInteger();
  private volatile List<IpAddress> addresses = List.of();
  private volatile Manner toA = Manner.WELL;
  private volatile Manner toAaaa = Manner.WELL;

  private FakeDns(InetAddress host, int port) throws IOException {
    tcp = new ServerSocket(port, 50, host);
    try {
      udp = new DatagramSocket(new InetSocketAddress(host, tcp.getLocalPort()));
    } catch (IOException e) {
      tcp.close();
      throw e;
    }
    start(this::serveUdp);
    start(this::serveTcp);
  }

  /** Starts one on a free port. */
  public static FakeDns start() {
    return start("127.0.0.1", 0);
  }

  static FakeDns start(String host, int port) {
    IOException last = new IOException("never tried");
    for (int i = 0; i < 20; i++) { // A port that is free for TCP may be taken for UDP.
      try {
        return new FakeDns(InetAddress.getByName(host), port);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException(last);
  }

  /** The name has these addresses from now on. */
  public FakeDns has(String... texts) {
    addresses =
        Stream.of(texts).map(text -> Objects.requireNonNull(IpAddress.parse(text))).toList();
    return answers(Manner.WELL);
  }

  /** It answers so from now on. */
  public FakeDns answers(Manner manner) {
    return answers(manner, manner);
  }

  FakeDns answers(Manner a, Manner aaaa) {
    toA = a;
    toAaaa = aaaa;
    return this;
  }

  /** Returns its {@code address:port}. */
  public String address() {
    return udp.getLocalAddress().getHostAddress() + ":" + port();
  }

  int port() {
    return udp.getLocalPort();
  }

  /** Returns how many questions came. */
  public int questions() {
    return questions.get();
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Closed.
              }
            },
            "fake-dns");
    thread.setDaemon(true);
    thread.start();
  }

  private void serveUdp() throws IOException {
    byte[] buffer = new byte[1_500];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      udp.receive(packet);
      byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
      questions.incrementAndGet();
      Manner manner = manner(question);
      if (manner == Manner.WRONG_PORT) {
        try (DatagramSocket other = new DatagramSocket(0, udp.getLocalAddress())) {
          send(other, reply(question, manner, false), packet.getSocketAddress());
        }
        continue;
      }
      if (manner == Manner.GARBAGE_FIRST) {
        send(udp, reply(question, Manner.GARBAGE, false), packet.getSocketAddress());
      }
      if (manner != Manner.SILENCE) {
        send(udp, reply(question, manner, false), packet.getSocketAddress());
      }
    }
  }

  private static void send(DatagramSocket from, byte[] bytes, SocketAddress to) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private void serveTcp() throws IOException {
    while (true) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] question = in.readNBytes(in.readUnsignedShort());
        Manner manner = manner(question);
        if (manner != Manner.TRUNCATED_AND_BROKEN) {
          byte[] reply = reply(question, manner, true);
          byte[] framed =
              ByteBuffer.allocate(2 + reply.length)
                  .putShort((short) reply.length)
                  .put(reply)
                  .array();
          int half = framed.length / 2; // In two pieces, as a network may.
          socket.getOutputStream().write(framed, 0, half);
          socket.getOutputStream().flush();
          socket.getOutputStream().write(framed, half, framed.length - half);
          in.read(); // Until the other side has it all and closes.
        }
      } catch (IOException e) {
        if (tcp.isClosed()) {
          throw e;
        }
      }
    }
  }

  private Manner manner(byte[] question) {
    return type(question) == AAAA ? toAaaa : toA;
  }

  private static int type(byte[] question) {
    return question[question.length - 3];
  }

  private byte[] reply(byte[] question, Manner manner, boolean overTcp) {
    if (manner == Manner.GARBAGE) {
      return Arrays.copyOf(question, 13);
    }
    int type = type(question);
    List<IpAddress> fitting =
        addresses.stream().filter(address -> address.isV4() == (type == A)).toList();
    int code =
        switch (manner) {
          case NO_NAME -> 3;
          case SERVFAIL -> 2;
          case REFUSED -> 5;
          default -> 0;
        };
    boolean truncated =
        !overTcp && (manner == Manner.TRUNCATED || manner == Manner.TRUNCATED_AND_BROKEN);
    boolean none = code != 0 || manner == Manner.EMPTY || truncated;
    List<byte[]> records = none ? List.of() : records(type, fitting, manner == Manner.ALIAS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(question[0]);
    bytes.write(manner == Manner.WRONG_ID ? question[1] + 1 : question[1]);
    bytes.writeBytes(new byte[] {(byte) (truncated ? 0x83 : 0x81), (byte) (0x80 | code)});
    bytes.writeBytes(new byte[] {0, 1, (byte) (records.size() >> 8), (byte) records.size()});
    bytes.writeBytes(new byte[4]);
    byte[] name = Arrays.copyOfRange(question, 12, question.length);
    name[1] = (byte) (manner == Manner.WRONG_NAME ? 'x' : name[1]);
    bytes.writeBytes(name);
    records.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  private static List<byte[]> records(int type, List<IpAddress> addresses, boolean alias) {
    byte[] asked = {(byte) 0xc0, 12};
    byte[] real = {4, 'R', 'e', 'a', 'l', 4, 't', 'e', 's', 't', 0};
    List<byte[]> records = new ArrayList<>();
    for (IpAddress address : addresses) {
      records.add(record(alias ? real : asked, type, bytes(address)));
    }
    if (alias) {
      records.add(record(asked, CNAME, real)); // Last: the order doesn't matter.
    }
    return records;
  }

  private static byte[] record(byte[] owner, int type, byte[] data) {
    return ByteBuffer.allocate(owner.length + 10 + data.length)
        .put(owner)
        .putShort((short) type)
        .putShort((short) 1)
        .putInt(TTL_SECONDS)
        .putShort((short) data.length)
        .put(data)
        .array();
  }

  private static byte[] bytes(IpAddress address) {
    ByteBuffer bytes = ByteBuffer.allocate(address.isV4() ? 4 : 16);
    for (int group : address.groups()) {
      if (address.isV4()) {
        bytes.put((byte) group);
      } else {
        bytes.putShort((short) group);
      }
    }
    return bytes.array();
  }
}
