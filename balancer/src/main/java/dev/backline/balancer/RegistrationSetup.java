package dev.backline.balancer;

import dev.backline.balancer.admin.AdminToken;
import dev.backline.balancer.admin.RegistrationRoutes;
import dev.backline.balancer.admin.RegistrationServer;
import dev.backline.balancer.admin.RegistrationTokens;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.RegistrarConfig;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.control.OwnLookup;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.discovery.RegistrationFile;
import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.proxy.CannotListen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A member's part in the registration of backends: tokens, state file, and an own address. */
final class RegistrationSetup {
  private final Path configFile;
  private final AdminToken admin;
  private final Vertx vertx;
  private final RegistrarConfig config;
  private final RegistrationFile file;
  private volatile RegistrationTokens tokens;
  private @Nullable RegistrationServer server;

  /**
   * Prepares it; nothing listens yet.
   *
   * @throws IOException if a token can't be had; the message says why
   */
  RegistrationSetup(Path configFile, BalancerConfig config, AdminToken admin, Vertx vertx)
      throws IOException {
    this.configFile = configFile;
    this.vertx = vertx;
    this.config = config.registrar();
    this.admin = admin;
    this.tokens = tokens(config);
    Path state = ConfigFile.resolve(configFile, config.registrar().stateFile());
    this.file = new RegistrationFile(vertx, state, InstantSource.system());
  }

  /** Returns the tokens that a configuration names; blocks. */
  RegistrationTokens tokens(BalancerConfig next) throws IOException {
    return RegistrationTokens.load(
        next.pools(), admin, path -> ConfigFile.resolve(configFile, path));
  }

  void replace(RegistrationTokens next) {
    tokens = next;
  }

  /** Carries the effect out. Called on the control loop. */
  void keep(Effect.Keep effect) {
    if (effect instanceof Effect.KeepRegistrations keep) {
      file.keep(keep.pool(), keep.registrations());
    } else if (effect instanceof Effect.KeepMembers keep) {
      file.keep(keep.live(), keep.silentNanos());
    } else {
      throw new AssertionError(effect);
    }
  }

  /**
   * Tells the controller what was registered in this member's earlier life, and which others it
   * knew; blocks until it has.
   */
  void recall(BalancerConfig now, Events events) {
    if (now.pools().stream().noneMatch(pool -> pool.registration() != null)) {
      return;
    }
    RegistrationFile.State known = file.read();
    if (now.cluster() != null) {
      events.emit(new Event.MembersRecalled(known.silentNanos()));
    }
    List<Event.Heard> words =
        known.registrations().stream().map(word -> new Event.Heard(/* via= */ null, word)).toList();
    CompletableFuture<Void> heard = new CompletableFuture<>();
    events.emit(new Event.RegistrationsHeard(words), () -> heard.complete(null));
    heard.join();
  }

  RegistrationRoutes routes(Supplier<Snapshot> snapshot, OwnLookup own, Registrar registrar) {
    RegistrationRoutes routes = new RegistrationRoutes(snapshot, () -> tokens, own, registrar);
    RegistrarConfig.Address listener = config.listener();
    if (listener != null) {
      server = new RegistrationServer(vertx, listener.host(), listener.port(), routes);
    }
    return routes;
  }

  /** Listens where it is configured; returns the port, or {@code null} without an own address. */
  Future<@Nullable Integer> listen() {
    RegistrarConfig.Address listener = config.listener();
    if (server == null || listener == null) {
      return Future.succeededFuture(null);
    }
    String address = HostAndPort.text(listener.host(), listener.port());
    return server
        .listen()
        .<@Nullable Integer>map(port -> port)
        .recover(e -> Future.failedFuture(new CannotListen("registration.address: " + address, e)));
  }

  /** Stops taking words; done when the state file is written. */
  Future<Void> close() {
    Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
    return closed.eventually(file::written);
  }
}
