package dev.backline.sample.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;

/** What follows the head of an answer. All of it happens on the event loop. */
public sealed interface Body {
  /** Bytes that can be had from any position, and are the same each time. */
  non-sealed interface Sized extends Body {
    /** In bytes. */
    long length();

    /** The bytes from a position on; the caller asks for no more than there are. */
    Buffer bytes(long from, int count);
  }

  /** Something without a length that is known, written piece by piece as the client reads. */
  @FunctionalInterface
  non-sealed interface Flow extends Body {
    /** Ends the response; succeeds when all of it is with the kernel. */
    Future<Void> writeTo(HttpServerResponse response);
  }

  /** No more HTTP: the connection becomes a WebSocket. */
  @FunctionalInterface
  non-sealed interface Tunnel extends Body {
    /** Succeeds when the socket is closed. */
    Future<Void> join(ServerWebSocket socket);
  }

  /** Bytes that are in memory. */
  static Sized of(Buffer bytes) {
    return new Held(bytes);
  }

  /** A part of a body, which is read only when it is asked for. */
  static Sized part(Sized whole, long from, long length) {
    return new Part(whole, from, length);
  }

  /** Bytes that are in memory. */
  record Held(Buffer buffer) implements Sized {
    @Override
    public long length() {
      return buffer.length();
    }

    @Override
    public Buffer bytes(long from, int count) {
      int start = Math.toIntExact(from);
      return buffer.slice(start, start + count);
    }
  }

  /** A part of another body. */
  record Part(Sized whole, long from, long length) implements Sized {
    @Override
    public Buffer bytes(long position, int count) {
      return whole.bytes(from + position, count);
    }
  }
}
