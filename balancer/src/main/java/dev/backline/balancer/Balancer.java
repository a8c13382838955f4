package dev.backline.balancer;

import dev.backline.balancer.admin.AdminServer;
import dev.backline.balancer.admin.AdminToken;
import dev.backline.balancer.admin.MemberAbout;
import dev.backline.balancer.admin.RegistrationTokens;
import dev.backline.balancer.cluster.ClusterLink;
import dev.backline.balancer.config.AccessLogConfig;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.ClusterConfig;
import dev.backline.balancer.config.ListenerConfig;
import dev.backline.balancer.config.RegistrarConfig;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.MemberState;
import dev.backline.balancer.control.OwnAddresses;
import dev.backline.balancer.control.Peers;
import dev.backline.balancer.control.Reload;
import dev.backline.balancer.discovery.DnsSource;
import dev.backline.balancer.discovery.OwnSockets;
import dev.backline.balancer.discovery.StaticSource;
import dev.backline.balancer.limit.DescriptorBudget;
import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.proxy.AccessLog;
import dev.backline.balancer.proxy.CannotListen;
import dev.backline.balancer.proxy.DataPlane;
import dev.backline.balancer.proxy.Listener;
import dev.backline.balancer.proxy.ProxyServer;
import dev.backline.balancer.proxy.Transport;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One member: wires the control loop, the data plane and the admin interface; starts, drains and
 * closes them.
 *
 * <p>Control and data plane have an instance of Vert.x each, so that no exchange ever shares an
 * event loop with probes or the controller. Its methods are called from the main thread and the
 * shutdown hook, never from an event loop.
 */
final class Balancer {
  private static final System.Logger LOG = System.getLogger(Balancer.class.getName());
  private static final Duration READINESS_OFF = Duration.ofSeconds(2);
  private static final Duration FIRST_ANSWERS = Duration.ofSeconds(2);
  private static final Duration LAST_LOOK = Duration.ofMillis(500);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration LONG_STALL = Duration.ofSeconds(2);

  private final Path configFile;
  private final Vertx controlVertx;
  private final Vertx dataVertx;
  private final int eventLoops;
  private final LongSupplier clock;
  private final AccessLog accessLog;
  private final ControlLoop control;
  private final RegistrationSetup registration;
  private final IncidentFiles incidents;
  private final DnsSource names;
  private final @Nullable ClusterLink cluster;
  private final AdminServer admin;
  private final List<ProxyServer> proxies = new CopyOnWriteArrayList<>();
  private volatile BalancerConfig config;
  private final Readiness readiness = new Readiness();
  private volatile List<String> addresses = List.of();
  private volatile List<OwnAddresses.Socket> ownSockets;

  /**
   * Prepares a member; nothing listens yet.
   *
   * @throws IOException if the access log or the admin token's file can't be used
   */
  Balancer(Path configFile, BalancerConfig config, String version, PrintStream stdout)
      throws IOException {
    this.configFile = configFile;
    this.config = config;
    long startNanos = System.nanoTime();
    this.clock = () -> System.nanoTime() - startNanos;
    AdminToken token =
        AdminToken.loadOrCreate(ConfigFile.resolve(configFile, config.admin().tokenFile()));
    this.accessLog = new AccessLog(open(configFile, config.accessLog(), stdout));
    this.eventLoops = Runtime.getRuntime().availableProcessors();
    DescriptorBudget descriptors = Descriptors.budget();
    this.controlVertx = vertx(1);
    this.dataVertx = vertx(eventLoops);
    this.registration = new RegistrationSetup(configFile, config, token, controlVertx);
    String member = ClusterSetup.memberName(config);
    this.cluster = ClusterSetup.link(configFile, config, member, this::toControl, clock);
    this.incidents =
        new IncidentFiles(
            controlVertx,
            ConfigFile.resolve(configFile, config.incidents().directory()),
            config.incidents().keep(),
            member);
    this.control =
        new ControlLoop(
            controlVertx,
            clock,
            new MemberId(member),
            new SplittableRandom().nextLong(),
            cluster == null ? Peers.NONE : cluster,
            this::onStalled,
            readiness::isolate,
            registration::keep,
            incidents::write,
            events -> new DataPlane(clock, events, accessLog, descriptors));
    Descriptors.watch(descriptors, controlVertx);
    List<Integer> ports = config.listeners().stream().map(ListenerConfig::port).toList();
    this.ownSockets = ownSockets(config, ports, config.admin().port(), null);
    OwnSockets own = new OwnSockets(controlVertx, () -> ownSockets);
    this.names = new DnsSource(controlVertx, clock, control, own);
    this.admin =
        new AdminServer(
            controlVertx,
            config.admin().host(),
            config.admin().port(),
            token,
            new AdminServer.Sources(
                new MemberAbout(member, version, configFile.toAbsolutePath().toString()),
                readiness::state,
                () -> addresses,
                control::snapshot,
                control.dataPlane(),
                names,
                control,
                () -> cluster == null ? null : cluster.view(),
                control::recall,
                clock,
                this::reload),
            registration.routes(control::snapshot, own, control));
  }

  /**
   * On the control loop. Who was away for long asks what the others have seen before it is ready.
   */
  private void onStalled(long nanos) {
    if (readiness.state() == MemberState.STARTING) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "member stood still for {0} ms",
        String.valueOf(TimeUnit.NANOSECONDS.toMillis(nanos)));
    if (cluster != null && nanos >= LONG_STALL.toNanos()) {
      long since = readiness.fallBehind();
      var unused =
          cluster
              .readAgain()
              .toCompletableFuture()
              .completeOnTimeout(null, FIRST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
              .thenRun(() -> readiness.catchUp(since));
    }
  }

  /** Has the control loop take in an event. Any thread may call. */
  void toControl(Event event, Runnable afterwards) {
    control.emit(event, afterwards);
  }

  /**
   * Starts listening; returns the line that says where.
   *
   * @throws CannotListen if an address can't be had
   */
  String start() throws CannotListen {
    CompletableFuture<Void> applied = new CompletableFuture<>();
    Future<Void> answered = apply(config, () -> applied.complete(null));
    applied.join();
    registration.recall(config, control);
    String adminAddress = HostAndPort.text(config.admin().host(), config.admin().port());
    int adminPort =
        await(
            admin
                .listen()
                .recover(
                    e ->
                        Future.failedFuture(
                            new CannotListen("admin.address: " + adminAddress, e))));
    Integer registrationPort = await(registration.listen());
    // Who knows its backends, and the others' view of them, begins with that; whatever is slow, all
    // else must be served all the same.
    long untilNanos = clock.getAsLong() + FIRST_ANSWERS.toNanos();
    CompletionStage<?> joined = join();
    awaitUntil(untilNanos, answered.toCompletionStage(), "without the answers of all names");
    awaitUntil(untilNanos, joined, "before it has joined its cluster");
    // What the others brought may have come late.
    long lookedNanos = Math.max(untilNanos, clock.getAsLong() + LAST_LOOK.toNanos());
    awaitUntil(lookedNanos, control.whenProbed(), "before each backend was probed once");
    List<Listener> listeners = config.listeners().stream().map(Balancer::listener).toList();
    SplittableRandom randoms = new SplittableRandom();
    serve(listeners, randoms);
    List<Integer> ports = proxies.get(0).ports();
    List<String> bound = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      bound.add(HostAndPort.text(config.listeners().get(i).host(), ports.get(i)));
    }
    addresses = List.copyOf(bound);
    ownSockets = ownSockets(config, ports, adminPort, registrationPort);
    LOG.log(System.Logger.Level.INFO, "member transport={0}", Transport.of(dataVertx));
    readiness.start();
    return "ready listeners="
        + String.join(",", addresses)
        + " admin="
        + HostAndPort.text(config.admin().host(), adminPort)
        + registrationAddress(registrationPort);
  }

  /** Begins to listen, unless it was told to stop: then nobody would end that in order. */
  private void serve(List<Listener> listeners, SplittableRandom randoms) throws CannotListen {
    synchronized (proxies) {
      if (readiness.state() == MemberState.DRAINING) {
        throw new CannotListen("listeners", new IllegalStateException("told to stop"));
      }
      for (int i = 0; i < eventLoops; i++) {
        Deployable proxy =
            context -> {
              var random = randoms.split();
              var server =
                  new ProxyServer(dataVertx, context, control.dataPlane(), listeners, random);
              proxies.add(server);
              return server.listen();
            };
        await(dataVertx.deployVerticle(proxy));
      }
    }
  }

  private String registrationAddress(@Nullable Integer port) {
    RegistrarConfig.Address listener = config.registrar().listener();
    return listener == null || port == null
        ? ""
        : " registration=" + HostAndPort.text(listener.host(), port);
  }

  /** Ends in order: asks everybody to go elsewhere, finishes what is in flight, and closes. */
  void stop() throws InterruptedException {
    // Before it says so: who hears that it drains may rely on it.
    control.dataPlane().startDraining();
    boolean serving;
    synchronized (proxies) {
      readiness.drain();
      serving = !proxies.isEmpty();
    }
    if (serving) {
      LOG.log(System.Logger.Level.INFO, "member state=draining");
      TimeUnit.NANOSECONDS.sleep(READINESS_OFF.toNanos());
      List<? extends Future<?>> closing = proxies.stream().map(p -> p.shutdown(GRACE)).toList();
      awaitQuietly(Future.join(closing), GRACE.plusSeconds(1));
      long left = control.dataPlane().exchangesInFlight();
      LOG.log(
          System.Logger.Level.INFO, "member state=stopped unfinished={0}", String.valueOf(left));
    }
    close();
  }

  /** Ends at once; in this order, what is cut off can still be logged, and blames nobody. */
  void close() throws InterruptedException {
    awaitQuietly(admin.close(), Duration.ofSeconds(1));
    awaitQuietly(registration.close(), Duration.ofSeconds(2));
    awaitQuietly(control.stop(), Duration.ofSeconds(1));
    awaitQuietly(incidents.written(), Duration.ofSeconds(2));
    control.dataPlane().close();
    awaitQuietly(dataVertx.close(), Duration.ofSeconds(2));
    awaitQuietly(controlVertx.close(), Duration.ofSeconds(2));
    if (cluster != null) {
      awaitQuietly(Future.fromCompletionStage(cluster.leave()), Duration.ofSeconds(5));
    }
    accessLog.close();
  }

  private CompletionStage<Reload.Result> reload() {
    return controlVertx
        .executeBlocking(this::readAgain) // Files have no place on an event loop.
        .compose(this::replaceBy, Balancer::reject)
        .toCompletionStage();
  }

  /** The configuration, and the tokens that it names. */
  private record FromFile(BalancerConfig config, RegistrationTokens tokens) {}

  private FromFile readAgain() throws ConfigFile.Unusable {
    BalancerConfig next = ConfigFile.read(configFile);
    try {
      return new FromFile(next, registration.tokens(next));
    } catch (IOException e) {
      throw new ConfigFile.Unusable(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static Future<Reload.Result> reject(Throwable failure) {
    return failure instanceof ConfigFile.Unusable unusable
        ? Future.succeededFuture(new Reload.Rejected(unusable.lines()))
        : Future.failedFuture(failure);
  }

  private Future<Reload.Result> replaceBy(FromFile read) {
    BalancerConfig next = read.config();
    List<String> errors = ConfigFile.unchangeable(config, next);
    if (!errors.isEmpty()) {
      return Future.succeededFuture(new Reload.Rejected(errors));
    }
    List<String> changes = ConfigFile.changes(config, next);
    config = next;
    registration.replace(read.tokens());
    Promise<Reload.Result> result = Promise.promise();
    apply(next, () -> result.complete(new Reload.Applied(control.snapshot().version(), changes)));
    LOG.log(System.Logger.Level.INFO, "configuration reloaded changes={0}", changes);
    return result.future();
  }

  /** Applies a configuration; returns when the names in it were answered. */
  private Future<Void> apply(BalancerConfig next, Runnable afterwards) {
    List<Event> events = new ArrayList<>();
    events.add(ConfigFile.event(next));
    events.addAll(StaticSource.lists(next));
    events.subList(0, events.size() - 1).forEach(control::emit);
    control.emit(events.get(events.size() - 1), afterwards);
    return names.watch(next);
  }

  private void awaitUntil(long untilNanos, CompletionStage<?> first, String instead)
      throws CannotListen {
    try {
      long leftNanos = Math.max(0, untilNanos - clock.getAsLong());
      first.toCompletableFuture().get(leftNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "member starts {0}", instead);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotListen("listeners", e);
    }
  }

  private CompletionStage<?> join() throws CannotListen {
    ClusterConfig configured = config.cluster();
    if (cluster == null || configured == null) {
      return CompletableFuture.completedFuture(null);
    }
    ClusterSetup.checkFree(configured);
    return cluster.start();
  }

  /** Returns where this member listens, with the ports that it has, or before that, asks for. */
  private static List<OwnAddresses.Socket> ownSockets(
      BalancerConfig config,
      List<Integer> listenerPorts,
      int adminPort,
      @Nullable Integer registrationPort) {
    List<OwnAddresses.Socket> own = new ArrayList<>();
    for (int i = 0; i < listenerPorts.size(); i++) {
      String host = config.listeners().get(i).host();
      own.add(OwnAddresses.Socket.of("listener", host, listenerPorts.get(i)));
    }
    own.add(OwnAddresses.Socket.of("admin interface", config.admin().host(), adminPort));
    RegistrarConfig.Address registration = config.registrar().listener();
    if (registration != null) {
      int port = registrationPort == null ? registration.port() : registrationPort;
      own.add(OwnAddresses.Socket.of("registration address", registration.host(), port));
    }
    ClusterConfig cluster = config.cluster();
    if (cluster != null) {
      own.add(OwnAddresses.Socket.of("cluster address", cluster.host(), cluster.port()));
    }
    return List.copyOf(own);
  }

  private static Vertx vertx(int eventLoops) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    return vertx.exceptionHandler(Balancer::onUnexpected);
  }

  /** A broken invariant ends the process: to start again is safe, to go on wrongly is not. */
  private static void onUnexpected(Throwable failure) {
    LOG.log(System.Logger.Level.ERROR, "unexpected", failure);
    if (failure instanceof Error) {
      Runtime.getRuntime().halt(Main.UNEXPECTED);
    }
  }

  private static Listener listener(ListenerConfig listener) {
    return new Listener(
        listener.host(),
        listener.port(),
        listener.headerTimeout(),
        listener.idleTimeout(),
        listener.maxRequestLineBytes(),
        listener.maxHeaderBytes());
  }

  private static OutputStream open(Path configFile, AccessLogConfig to, PrintStream stdout)
      throws IOException {
    if (to instanceof AccessLogConfig.File file) {
      try {
        return new FileOutputStream(ConfigFile.resolve(configFile, file.path()).toFile(), true);
      } catch (FileNotFoundException e) {
        throw new IOException(
            "access_log.to: " + e.getMessage() + " (expected: a file that can be written)", e);
      }
    }
    return to instanceof AccessLogConfig.None ? OutputStream.nullOutputStream() : stdout;
  }

  private static <T> T await(Future<T> listening) throws CannotListen {
    try {
      return listening.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CannotListen known) {
        throw known;
      }
      throw new CannotListen("listeners", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotListen("listeners", e);
    }
  }

  private static void awaitQuietly(Future<?> future, Duration atMost) throws InterruptedException {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.WARNING, "closing: {0}", String.valueOf(e.getMessage()));
    }
  }
}
