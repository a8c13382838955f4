package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.sample.register.Registration;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backend that registers at balancers, as a process of its own. */
class RegistrationTest {
  @TempDir private Path folder = Path.of("");
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path token = Path.of("");

  @BeforeEach
  void writeToken() throws IOException {
    token = Files.writeString(folder.resolve("token"), "the-token-of-the-pool\n");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
  }

  private BackendProcess start(String urls, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("--port=0", "--instance=b1", "--register=" + urls, "--token=" + token));
    arguments.addAll(List.of(more));
    return opened(BackendProcess.run(arguments.toArray(String[]::new)));
  }

  @Test
  void registersRenewsAndWithdrawsAtTheBeginningOfItsDrain() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    BackendProcess backend = start(balancer.url());
    int port = backend.port();

    await().until(() -> balancer.words("PUT").size() >= 3);
    List<FakeBalancer.Word> words = balancer.words("PUT");
    assertThat(words)
        .extracting(FakeBalancer.Word::request)
        .containsOnly("PUT /v1/pools/dumbsound/backends/b1");
    assertThat(words)
        .extracting(FakeBalancer.Word::authorization)
        .containsOnly("Bearer the-token-of-the-pool");
    JsonObject first = words.get(0).body();
    assertThat(first.fieldNames()).containsExactly("address", "incarnation", "sequence");
    assertThat(first.getString("address")).isEqualTo(":" + port);
    assertThat(first.getLong("incarnation")).isPositive();
    assertThat(first.getLong("sequence")).isEqualTo(1);
    assertThat(words.get(1).body())
        .isEqualTo(first.copy().put("sequence", 2).put("secret", "the-secret"));
    assertThat(Raw.get(port, "/health").header("Backline-Instance")).isEqualTo("b1");

    backend.sigterm();

    await().until(() -> !balancer.words("DELETE").isEmpty());
    assertThat(Raw.get(port, "/whoami").status()).as("it serves on").isEqualTo(200);
    int renewals = balancer.words("PUT").size();
    assertThat(backend.exitCode()).isZero();
    assertThat(balancer.words("PUT")).as("renewals after it withdrew").hasSize(renewals);
    assertThat(balancer.words("DELETE").get(0).request())
        .matches(
            "DELETE /v1/pools/dumbsound/backends/b1\\?incarnation=%d&sequence=\\d+"
                .formatted(first.getLong("incarnation")));
    assertThat(backend.log())
        .containsOnlyOnce("event=registered at=" + balancer.url() + " address=127.0.0.1:1")
        .contains("event=withdrawn at=" + balancer.url());
  }

  @Test
  void goesOnAtTheNextBalancerWhenOneFails() throws Exception {
    FakeBalancer one = new FakeBalancer();
    FakeBalancer two = opened(new FakeBalancer());
    BackendProcess backend = start(one.url() + "," + two.url());
    await().until(() -> one.words("PUT").size() >= 2);
    assertThat(two.words).isEmpty();

    one.close();

    await().until(() -> two.words("PUT").size() >= 2);
    long last = one.words("PUT").get(one.words("PUT").size() - 1).body().getLong("sequence");
    JsonObject renewal = two.words("PUT").get(0).body();
    assertThat(renewal.getLong("sequence")).isGreaterThan(last);
    assertThat(renewal.getString("secret")).isEqualTo("the-secret");
    await().until(() -> backend.log().contains("event=registered at=" + two.url()));
    assertThat(backend.log()).contains("event=not-registered at=" + one.url());
  }

  /** Was: each try that was given up kept its connection, for as long as the balancer hung. */
  @Test
  void hungBalancerIsLeftBeforeItIsTriedAgain() throws Exception {
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    ServerSocket hung = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread accepting =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket caller = hung.accept();
                  accepted.incrementAndGet();
                  new Thread(() -> readAll(caller, left)).start();
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
    accepting.start();
    BackendProcess backend = start("http://127.0.0.1:" + hung.getLocalPort() + "/v1/pools/p");

    await().until(() -> accepted.get() >= 3);
    await().until(() -> left.get() >= accepted.get() - 1);
    backend.sigterm();
    assertThat(backend.exitCode()).isZero();
  }

  private static void readAll(Socket caller, AtomicInteger left) {
    try (caller) {
      caller.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A reset is an end too.
    }
    left.incrementAndGet();
  }

  @Test
  void wrongTokenIsToldOnceAndTriedOnUntilItIsRight() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    balancer.answers(401, new JsonObject().put("error", "no or wrong token"));
    BackendProcess backend = start(balancer.url());
    await().until(() -> balancer.words.size() >= 3);
    assertThat(backend.log())
        .containsOnlyOnce(
            "event=not-registered at=" + balancer.url() + " why=\"401 no or wrong token\"");

    Files.writeString(token, "another-token");
    balancer.answers(201, FakeBalancer.accepted());
    await().until(() -> backend.log().contains("event=registered at="));
    assertThat(balancer.words.get(balancer.words.size() - 1).authorization())
        .isEqualTo("Bearer another-token");
  }

  @Test
  void whatIsNoBalancerIsToldOnceAndTriedOn() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    balancer.answers(200, new JsonObject().put("known", 1).put("renewMillis", "soon"));
    BackendProcess backend = start(balancer.url());
    await().until(() -> balancer.words.size() >= 3);
    assertThat(backend.log())
        .containsOnlyOnce(
            "event=not-registered at=" + balancer.url() + " why=\"200 (not a balancer's answer)");

    balancer.answers(201, FakeBalancer.accepted());
    await().until(() -> backend.log().contains("event=registered at="));
  }

  @Test
  void learnsFromABalancerThatKnowsAnEarlierLife() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    JsonObject known = new JsonObject().put("incarnation", 1L << 52).put("sequence", 9);
    balancer.answers(409, new JsonObject().put("error", "older").put("known", known));
    start(balancer.url());
    await()
        .until(
            () ->
                balancer.words.stream()
                    .anyMatch(w -> w.body().getLong("incarnation") == (1L << 52) + 1));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere loopback has one address")
  void callsFromTheAddressThatItListensOn() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    start(balancer.url(), "--host=127.0.0.11");
    await().until(() -> !balancer.words.isEmpty());
    assertThat(balancer.words.get(0).caller()).isEqualTo("127.0.0.11");
  }

  @Test
  void advertisesWhatItIsTold() throws Exception {
    FakeBalancer balancer = opened(new FakeBalancer());
    start(balancer.url(), "--advertise=10.0.0.5:3000");
    await().until(() -> !balancer.words.isEmpty());
    assertThat(balancer.words.get(0).body().getString("address")).isEqualTo("10.0.0.5:3000");
  }

  @Test
  void unreadableTokenEndsItWithAClearMessage() throws Exception {
    Files.delete(token);
    BackendProcess backend = start("http://127.0.0.1:1/v1/pools/p");
    assertThat(backend.exitCode()).isEqualTo(2);
    assertThat(backend.log())
        .startsWith(
            "--token: " + token + ": no such file (expected: the one of the pool's token_file)")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                                | t | -       | --token: needs --register URL",
        "-                                | - | 1.2.3.4:5 | --advertise: needs --register URL",
        "http://h/v1/pools/p              | - | -       | --register: needs --token FILE",
        "https://h/v1/pools/p             | t | -       | --register: https://h/v1/pools/p (exp",
        "http://h:7071                    | t | -       | --register: http://h:7071 (expected:",
        "http://h/v1/pools/p,             | t | -       | --register:  (expected: http://HOST",
        "http://h/v1/pools/p              | t | web:3000 | --advertise: web:3000 (expected: an",
      })
  void wrongOptionsAreNamed(String register, String hasToken, String advertise, String message) {
    Path file = hasToken == null ? null : token;
    assertThatThrownBy(() -> Registration.of(register, file, advertise))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
