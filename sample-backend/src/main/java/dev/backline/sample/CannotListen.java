package dev.backline.sample;

import java.net.BindException;
import java.net.UnknownHostException;
import java.util.Locale;

/** The address cannot be listened on; the message tells a person what to change. */
final class CannotListen extends Exception {
  private static final long serialVersionUID = 1L;

  private CannotListen(String message, Throwable cause) {
    super(message, cause);
  }

  static CannotListen on(String host, int port, Throwable cause) {
    return new CannotListen(host + ":" + port + ": " + reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof UnknownHostException || said.contains("resolve")) {
      return "unknown host (expected: an address of this machine; choose --host)";
    }
    if (cause instanceof BindException && said.contains("in use")) {
      return "address already in use (another backend? choose --port)";
    }
    if (cause instanceof BindException && said.contains("assign")) {
      return "not an address of this machine (choose --host)";
    }
    if (said.contains("denied")) {
      return "permission denied (choose a --port of 1024 or more)";
    }
    return said;
  }
}
