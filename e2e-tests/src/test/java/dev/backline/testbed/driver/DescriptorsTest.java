package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.testbed.Build;
import dev.backline.testbed.history.PoolStatus.BackendStatus;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A balancer that may open few files, and more clients than that: those that came first are served
 * on, the rest are refused at once, and nothing else suffers.
 */
@Tag(Build.PROCESSES)
@Isolated("it is about a limit")
@EnabledOnOs(OS.LINUX)
class DescriptorsTest {
  private static final int LIMIT = 400;
  private static final Duration STAYS_WELL = Duration.ofSeconds(4);

  /** Of each client: it must not be cut off for its silence while the test goes on. */
  private static final int TIMEOUT_MILLIS = 20_000;

  @TempDir private Path directory;

  @Test
  void clientsThatAreThereAreServedWhenThereIsNoRoomForMore()
      throws TestbedException, IOException, InterruptedException {
    Programs programs = Build.programs();
    List<String> limited =
        new ArrayList<>(List.of("sh", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "sh"));
    limited.addAll(programs.balancer());
    Setup setup =
        new Setup(
            directory,
            new Programs(limited, programs.backend()),
            new AddressPlan.Ephemeral(),
            new Topology(1, 3),
            Setup.ServiceTime.NONE,
            new Clock(),
            line -> {});
    List<Client> served = new ArrayList<>();
    try (ProcessTestbed testbed = ProcessTestbed.start(setup)) {
      await().until(() -> testbed.ready("balancer-1"));
      Address address = testbed.listeners().get(0);
      int refused = 0;
      for (int i = 0; i < LIMIT; i++) {
        Client client = new Client(address);
        if (client.isAnswered()) {
          served.add(client);
        } else {
          client.close();
          refused++;
        }
      }
      System.out.printf("%d served, %d refused of a limit of %d%n", served.size(), refused, LIMIT);
      assertThat(refused).isPositive();
      assertThat(served).hasSizeGreaterThan(LIMIT / 4);

      long untilNanos = System.nanoTime() + STAYS_WELL.toNanos();
      while (System.nanoTime() < untilNanos) {
        for (Client client : served) {
          assertThat(client.isAnswered()).as("a client that was there").isTrue();
        }
        assertThat(testbed.ready("balancer-1")).isTrue();
        assertThat(testbed.status("balancer-1").backends())
            .extracting(BackendStatus::health)
            .containsOnly("up");
      }

      for (Client client : served) {
        client.close();
      }
      served.clear();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                try (Client client = new Client(address)) {
                  return client.isAnswered();
                }
              });
    } finally {
      for (Client client : served) {
        client.close();
      }
    }
  }

  /** One connection, for one request after the other. */
  private static final class Client implements AutoCloseable {
    private static final String REQUEST = "GET /health HTTP/1.1\r\nHost: dumbsound.test\r\n\r\n";

    private final Socket socket = new Socket();

    Client(Address address) throws IOException {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(address.host(), address.port()), TIMEOUT_MILLIS);
    }

    /** Sends one request; {@code false}: the connection was closed instead of an answer. */
    boolean isAnswered() throws SocketTimeoutException {
      try {
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = reader.readLine();
        int length = 0;
        for (String line = status; line != null && !line.isEmpty(); line = reader.readLine()) {
          if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
          }
        }
        return status != null && status.startsWith("HTTP/1.1 200") && reader.skip(length) == length;
      } catch (SocketTimeoutException e) {
        throw e; // Neither served nor refused.
      } catch (IOException e) {
        return false; // Reset.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
