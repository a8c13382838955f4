package dev.backline.balancer;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The health check of the images: {@code HealthCheck PORT PATH} asks this machine for the path, and
 * exits with 0 if it is answered 200.
 *
 * <p>It runs every few seconds in every container: one socket and nothing but {@code java.base}, so
 * that it costs a tenth of a second of CPU and not the start of a whole member.
 */
public final class HealthCheck {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int WRONG_COMMAND_LINE = 2;

  /** As much of the answer as is looked at. */
  private static final int STATUS_LINE_LIMIT = 256;

  private HealthCheck() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out));
  }

  static int run(String[] args, PrintStream out) {
    if (args.length != 2) {
      out.println("usage: HealthCheck PORT PATH");
      return WRONG_COMMAND_LINE;
    }
    try {
      String statusLine = ask(Integer.parseInt(args[0]), args[1]);
      out.println(statusLine);
      return statusLine.startsWith("HTTP/1.1 200 ") ? 0 : 1;
    } catch (IOException | IllegalArgumentException e) {
      out.println(e);
      return 1;
    }
  }

  private static String ask(int port, String path) throws IOException {
    try (Socket socket = new Socket()) {
      InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      socket.connect(new InetSocketAddress(here, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      // Joined, as the first "+" of a JVM costs more than all the rest of this class.
      String request =
          String.join(
              "", "GET ", path, " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return statusLine(socket.getInputStream());
    }
  }

  private static String statusLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      if (line.length() == STATUS_LINE_LIMIT) {
        throw new IOException("no status line in " + STATUS_LINE_LIMIT + " bytes");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
