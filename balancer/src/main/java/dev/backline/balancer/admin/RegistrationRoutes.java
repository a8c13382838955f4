package dev.backline.balancer.admin;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.control.OwnLookup;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.control.RegistrationRules;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where backends register: {@code PUT} says that one is there and renews its lease, {@code DELETE}
 * withdraws it. Their token is good for this, for its pools, and for nothing else.
 *
 * <p>The heartbeat is the same {@code PUT} with a higher sequence: it says all there is to say, so
 * a member that has just started, or that was cut off, needs no second turn. Runs on the control
 * loop's Vert.x.
 */
public final class RegistrationRoutes {
  private static final String PATH = "/v1/pools/:pool/backends/:name";
  private static final String FILES = "registration.token-files";
  private static final int MAX_BODY_BYTES = 8 * 1024;
  private static final int SECRET_BYTES = 24;

  /** How often a backend comes again within its lease. */
  private static final int RENEWALS = 3;

  private final Supplier<Snapshot> snapshot;
  private final Supplier<RegistrationTokens> tokens;
  private final OwnLookup own;
  private final Registrar registrar;
  private final SecureRandom random = new SecureRandom();

  /** A pool that the caller's token is for. */
  private record Asked(PoolName pool, String name, RegistrationConfig rules) {}

  /** Creates them; {@link #addTo} makes them reachable. */
  public RegistrationRoutes(
      Supplier<Snapshot> snapshot,
      Supplier<RegistrationTokens> tokens,
      OwnLookup own,
      Registrar registrar) {
    this.snapshot = snapshot;
    this.tokens = tokens;
    this.own = own;
    this.registrar = registrar;
  }

  void addTo(Router router) {
    // Routes of their own: no body is read of who has no token.
    router.put(PATH).handler(this::checkToken);
    router.put(PATH).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    router.put(PATH).handler(this::register);
    router.delete(PATH).handler(this::checkToken);
    router.delete(PATH).handler(this::withdraw);
    router.errorHandler(
        413, context -> Json.fail(context, 413, "body: too long (expected: at most 8 KiB)"));
    router.errorHandler(400, context -> Json.fail(context, 400, "malformed request"));
  }

  private void checkToken(RoutingContext context) {
    Set<String> files = tokens.get().filesOf(Bearer.of(context));
    if (files.isEmpty()) {
      Bearer.refuse(
          context,
          "no or wrong token (expected: Authorization: Bearer TOKEN, the one"
              + " that backends register with)");
    } else {
      context.put(FILES, files);
      context.next();
    }
  }

  /** Returns what is asked for; {@code null}: it can't be had, and that was answered. */
  private @Nullable Asked asked(RoutingContext context) {
    Set<String> files = context.get(FILES);
    PoolName pool = new PoolName(context.pathParam("pool"));
    String name = context.pathParam("name");
    PoolSnapshot state = snapshot.get().pools().get(pool);
    if (state == null) {
      Json.fail(context, 404, "pool: " + pool + " (expected: " + poolsOf(files) + ")");
      return null;
    }
    RegistrationConfig rules = state.policy().registration();
    if (rules == null) {
      String source = state.policy().dns() == null ? "the file lists its backends" : "it has dns";
      Json.fail(
          context, 409, "pool: " + pool + ", " + source + " (expected: " + poolsOf(files) + ")");
      return null;
    }
    if (!files.contains(rules.tokenFile())) {
      String expected = " (expected: " + poolsOf(files) + ", which this token is for)";
      Json.fail(context, 403, "pool: " + pool + expected);
      return null;
    }
    if (!Registration.isName(name)) {
      String expected = " (expected: a name of at most 63 letters, digits, -, _ and .)";
      Json.fail(context, 400, "backend: " + name + expected);
      return null;
    }
    return new Asked(pool, name, rules);
  }

  private String poolsOf(Set<String> files) {
    return snapshot.get().pools().values().stream()
        .map(PoolSnapshot::policy)
        .filter(p -> p.registration() != null && files.contains(p.registration().tokenFile()))
        .map(policy -> policy.name().value())
        .collect(Collectors.joining(", ", "a pool with registration: ", ""));
  }

  private void register(RoutingContext context) {
    Asked asked = asked(context);
    if (asked == null) {
      return;
    }
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      Json.fail(context, 415, "Content-Type: " + type + " (expected: application/json)");
      return;
    }
    IpAddress caller = caller(context);
    String text = context.body().asString();
    RegistrationBody body;
    try {
      body = RegistrationBody.read(text == null ? "" : text, caller, asked.rules());
    } catch (RegistrationBody.Malformed e) {
      Json.fail(context, 400, String.valueOf(e.getMessage()));
      return;
    }
    own.on(body.address().port())
        .whenComplete(
            (mine, failure) -> {
              if (failure != null) {
                Json.fail(context, 500, String.valueOf(failure));
                return;
              }
              RegistrationRules.Refusal refusal =
                  RegistrationRules.judge(
                      body.ip(), body.address().port(), caller, asked.rules(), mine);
              if (refusal != null) {
                Json.fail(context, refusal.isNever() ? 422 : 403, refusal.words());
              } else {
                offer(context, asked, body);
              }
            });
  }

  private void offer(RoutingContext context, Asked asked, RegistrationBody body) {
    String secret = secret();
    Registration.Terms terms =
        new Registration.Terms(body.address(), body.weight(), body.leaseMillis(), digest(secret));
    String presented = body.secret();
    Registration word =
        new Registration(asked.pool(), asked.name(), body.incarnation(), body.sequence(), terms);
    String presentedDigest = presented == null ? null : digest(presented);
    registrar
        .offer(new Registrar.Offer(word, presentedDigest, caller(context)))
        .whenComplete(
            (answer, failure) -> {
              if (answer instanceof Registrar.Accepted accepted) {
                JsonObject json =
                    new JsonObject()
                        .put("pool", asked.pool().value())
                        .put("backend", asked.name())
                        .put("address", body.address().toString())
                        .put("leaseMillis", body.leaseMillis())
                        .put("renewMillis", body.leaseMillis() / RENEWALS);
                if (accepted.isFirst()) {
                  json.put("secret", secret);
                }
                Json.answer(context, accepted.isFirst() ? 201 : 200, json);
              } else {
                refuse(context, word, answer, failure);
              }
            });
  }

  private void withdraw(RoutingContext context) {
    Asked asked = asked(context);
    if (asked == null) {
      return;
    }
    Long incarnation = number(context, "incarnation");
    Long sequence = incarnation == null ? null : number(context, "sequence");
    if (incarnation == null || sequence == null) {
      return;
    }
    Registration word =
        new Registration(asked.pool(), asked.name(), incarnation, sequence, /* terms= */ null);
    registrar
        .offer(new Registrar.Offer(word, /* presentedDigest= */ null, caller(context)))
        .whenComplete(
            (answer, failure) -> {
              if (answer instanceof Registrar.Accepted) {
                Json.answer(
                    context,
                    200,
                    new JsonObject()
                        .put("pool", asked.pool().value())
                        .put("backend", asked.name())
                        .put("withdrawn", true));
              } else {
                refuse(context, word, answer, failure);
              }
            });
  }

  /** Returns a number of the query; {@code null}: it is none, and that was answered. */
  private static @Nullable Long number(RoutingContext context, String name) {
    List<String> values = context.queryParam(name);
    String text = values.size() == 1 ? values.get(0) : "";
    long number = text.matches("[1-9][0-9]{0,15}") ? Long.parseLong(text) : 0;
    if (number < 1 || number > RegistrationBody.MAX_NUMBER) {
      String expected = " (expected: a whole number from 1 to " + RegistrationBody.MAX_NUMBER + ")";
      String shown = values.isEmpty() ? "missing" : String.join(", ", values);
      Json.fail(context, 400, name + ": " + shown + expected);
      return null;
    }
    return number;
  }

  private static void refuse(
      RoutingContext context,
      Registration word,
      Registrar.@Nullable Answer answer,
      @Nullable Throwable failure) {
    if (answer instanceof Registrar.Older older) {
      boolean earlierLife = older.incarnation() != word.incarnation();
      String error =
          earlierLife
              ? "incarnation: " + word.incarnation() + " (expected: above " + older.incarnation()
              : "sequence: " + word.sequence() + " (expected: above " + older.sequence();
      JsonObject known =
          new JsonObject()
              .put("incarnation", older.incarnation())
              .put("sequence", older.sequence());
      Json.answer(
          context,
          409,
          new JsonObject().put("error", error + ", which is known)").put("known", known));
    } else if (answer instanceof Registrar.Elsewhere elsewhere) {
      BackendId registered = elsewhere.registered();
      String expected =
          " (expected: " + registered + " as registered, or the secret that its first answer gave)";
      Registration.Terms terms = word.terms();
      Json.fail(context, 403, "address: " + (terms == null ? "" : terms.address()) + expected);
    } else if (answer instanceof Registrar.NotYours notYours) {
      Json.fail(context, 403, notYours.words());
    } else if (answer instanceof Registrar.Unknown) {
      Json.fail(context, 404, "backend: " + word.name() + " (expected: one that is registered)");
    } else if (answer instanceof Registrar.Full full) {
      String expected = " (expected: fewer than " + full.backends() + " registered backends)";
      Json.fail(context, 409, "pool: " + word.pool() + expected);
    } else if (answer instanceof Registrar.NoRegistration) {
      String expected = " (expected: a pool with registration; it has just changed)";
      Json.fail(context, 409, "pool: " + word.pool() + expected);
    } else {
      Json.fail(context, 500, String.valueOf(failure));
    }
  }

  private static IpAddress caller(RoutingContext context) {
    String host = context.request().remoteAddress().hostAddress().replaceFirst("%.*", "");
    IpAddress address = IpAddress.parse(host);
    if (address == null) {
      throw new AssertionError(host + " (expected: an IP address)");
    }
    return address;
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String digest(String secret) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
