package dev.backline.sample.register;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Registers this instance while it serves: at the first balancer that answers, again at a third of
 * the lease, at the next balancer when one fails; and withdraws. Owned by the event loop.
 */
public final class Registrar {
  private static final Logger LOG = System.getLogger(Registrar.class.getName());
  private static final long ANSWER_SECONDS = 2;
  private static final int CONNECT_MILLIS = 1_000;
  private static final long OFTEN_MILLIS = 100;

  private final Vertx vertx;
  private final HttpClient client;
  private final Registration registration;
  private final String instance;
  private final String address;
  private final Rounds rounds;
  private long incarnation;
  private long sequence;
  private @Nullable String secret;
  private @Nullable String at;
  private final Map<String, String> failures = new HashMap<>();
  private boolean withdrawn;

  /** An answer, as far as it is of interest. */
  private record Reply(int status, JsonObject body) {}

  /**
   * Creates it; nothing is sent yet.
   *
   * @param host the address that the instance listens on, and calls from
   */
  public Registrar(Vertx vertx, Registration registration, String instance, String host, int port) {
    this.vertx = vertx;
    this.registration = registration;
    this.instance = instance;
    String advertise = registration.advertise();
    this.address = advertise == null ? ":" + port : advertise;
    this.rounds = new Rounds(registration.urls().size(), new SplittableRandom());
    this.incarnation = InstantSource.system().millis();
    this.client = vertx.createHttpClient(clientConfig(host, advertise != null));
  }

  /**
   * Calls from where it listens, unless that is anywhere: the balancer takes it for the address.
   */
  private static HttpClientConfig clientConfig(String host, boolean isAddressGiven) {
    HttpClientConfig config =
        new HttpClientConfig(
            new HttpClientOptions().setKeepAlive(false).setConnectTimeout(CONNECT_MILLIS));
    if (!isAddressGiven && !host.equals("0.0.0.0") && !host.equals("::")) {
      // Of the options' own local address nothing reaches the socket in Vert.x 5.1.
      config.getTcpConfig().setLocalAddress(SocketAddress.inetSocketAddress(0, host));
    }
    return config;
  }

  /** Registers, again and again. */
  public void start() {
    vertx.runOnContext(now -> register());
  }

  /** Says that the instance goes, to the first balancer that answers. */
  public void withdraw() {
    vertx.runOnContext(
        now -> {
          withdrawn = true;
          withdrawAt(registration.urls().size());
        });
  }

  private void register() {
    if (withdrawn) {
      return;
    }
    String url = registration.urls().get(rounds.current());
    JsonObject body =
        new JsonObject()
            .put("address", address)
            .put("incarnation", incarnation)
            .put("sequence", ++sequence);
    if (secret != null) {
      body.put("secret", secret);
    }
    send(HttpMethod.PUT, url + "/backends/" + instance, body.toBuffer())
        .onSuccess(reply -> onReply(url, reply))
        .onFailure(cause -> failed(url, "nothing", String.valueOf(cause.getMessage())));
  }

  private void onReply(String url, Reply reply) {
    JsonObject body = reply.body();
    long renewMillis = number(body, "renewMillis");
    if (reply.status() / 100 != 2 || renewMillis == 0) {
      if (body.getValue("known") instanceof JsonObject known) {
        learn(known);
      }
      String status = String.valueOf(reply.status());
      failed(url, status, status + " " + body.getValue("error", "(not a balancer's answer)"));
      return;
    }
    if (body.getValue("secret") instanceof String told) {
      secret = told;
    }
    if (!url.equals(at) || !failures.isEmpty()) {
      LOG.log(
          Level.INFO,
          "event=registered at="
              + url
              + " address="
              + body.getValue("address")
              + " lease_ms="
              + number(body, "leaseMillis"));
    }
    at = url;
    failures.clear();
    again(rounds.onSuccess(Math.max(renewMillis, OFTEN_MILLIS)));
  }

  /** Returns a number of an answer; 0: there is none. */
  private static long number(JsonObject json, String field) {
    return json.getValue(field) instanceof Number number ? number.longValue() : 0;
  }

  /**
   * A clock that went back makes the start look like an earlier one; but whoever was accepted once
   * and is outdated now has a name that another process has too.
   */
  private void learn(JsonObject known) {
    long knownIncarnation = number(known, "incarnation");
    if (knownIncarnation == incarnation) {
      sequence = Math.max(sequence, number(known, "sequence"));
    } else if (knownIncarnation > incarnation && at == null) {
      incarnation = knownIncarnation + 1;
    }
  }

  /** Tells of a failure once, not each time that the same one comes again. */
  private void failed(String url, String kind, String why) {
    if (withdrawn) {
      return;
    }
    if (!kind.equals(failures.put(url, kind))) {
      LOG.log(Level.WARNING, "event=not-registered at=" + url + " why=\"" + why + '"');
    }
    again(rounds.onFailure());
  }

  private void again(long millis) {
    if (millis == 0) {
      register();
    } else {
      vertx.setTimer(millis, timer -> register());
    }
  }

  private void withdrawAt(int triesLeft) {
    if (triesLeft == 0) {
      LOG.log(Level.WARNING, "event=not-withdrawn why=\"no balancer took it\"");
      return;
    }
    String url = registration.urls().get(rounds.current());
    String query = "?incarnation=" + incarnation + "&sequence=" + ++sequence;
    send(HttpMethod.DELETE, url + "/backends/" + instance + query, Buffer.buffer())
        .onComplete(
            done -> {
              if (done.succeeded() && done.result().status() == 200) {
                LOG.log(Level.INFO, "event=withdrawn at=" + url);
              } else {
                rounds.onFailure();
                withdrawAt(triesLeft - 1);
              }
            });
  }

  private Future<Reply> send(HttpMethod method, String url, Buffer body) {
    return vertx
        .fileSystem()
        .readFile(registration.token().toString())
        .compose(token -> send(method, url, body, token.toString().strip()));
  }

  private Future<Reply> send(HttpMethod method, String url, Buffer body, String token) {
    Future<HttpClientRequest> asked =
        client.request(new RequestOptions().setMethod(method).setAbsoluteURI(url));
    return asked
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .onFailure(late -> asked.onSuccess(HttpClientRequest::reset)) // Nobody waits for it.
        .compose(
            request ->
                request
                    .putHeader("Authorization", "Bearer " + token)
                    .putHeader("Content-Type", "application/json")
                    .send(body)
                    .compose(
                        answer ->
                            answer.body().map(bytes -> new Reply(answer.statusCode(), json(bytes))))
                    .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .onFailure(late -> request.reset())); // Else its connection would stay.
  }

  /** What isn't a balancer may answer anything. */
  private static JsonObject json(Buffer bytes) {
    try {
      return new JsonObject(bytes);
    } catch (DecodeException | ClassCastException e) {
      return new JsonObject();
    }
  }
}
