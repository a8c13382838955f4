package dev.backline.testbed.load;

import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open loop of requests at a fixed rate: each is sent at its time, whatever became of those
 * before it, and its latency counts from that time.
 *
 * <p>The client knows all addresses of the service's name, as curl and browsers do: its connections
 * are spread over them, and where one can't be made, the next address is tried at once, since
 * nothing was sent. A request that was sent and came to nothing isn't sent again, whatever its
 * method: that is its fate.
 *
 * <p>A pacing thread hands each request to one event loop at its time; all else happens on that
 * loop, which owns connections and records. The methods here may be called from any thread, and
 * block.
 */
public final class Load implements AutoCloseable {
  /** Requests a second that one machine can send beside what it sends them to. */
  public static final int MOST_RATE = 5_000;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOOP_LIMIT = Duration.ofSeconds(10);

  private final Plan plan;
  private final Clock clock;
  private final Vertx vertx;
  private final Context loop;
  private final Connections connections;
  private final List<Request> records = new ArrayList<>();
  private final CompletableFuture<List<Request>> finished = new CompletableFuture<>();
  private final AtomicLong sent = new AtomicLong();
  private final Thread pacer = new Thread(this::pace, "load-pacer");
  private volatile boolean stopped;
  private volatile long latestStartMicros;
  private boolean pacerEnded;

  /**
   * What to send where.
   *
   * @param targets the addresses of the name
   * @param host the {@code Host} of each request
   * @param rate requests a second
   * @param connections how many are kept; more are opened while all of them are busy, since a
   *     request must not wait for another's answer
   * @param patience after which a request without a whole answer counts as timed out; above the
   *     balancer's own 15 s for a head, so that its answer is seen
   * @param prefix of each request's id
   */
  public record Plan(
      List<Address> targets,
      String host,
      int rate,
      int connections,
      RequestMix mix,
      Duration patience,
      String prefix) {
    /** The name of the sample site. */
    public static final String HOST = "dumbsound.localhost";

    public static final Duration PATIENCE_OF_DRILLS = Duration.ofSeconds(20);

    public Plan {
      targets = List.copyOf(targets);
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("targets: none (expected: >= 1)");
      }
      if (rate < 1 || rate > 20_000) {
        throw new IllegalArgumentException("rate: " + rate + " (expected: 1 to 20000)");
      }
      if (connections < 1) {
        throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
      }
    }

    /** The plan of the drills: 32 kept connections, 30 % POST, 20 s of patience. */
    public static Plan ofDrills(List<Address> targets, int rate, String prefix) {
      return ofDrills(targets, HOST, rate, prefix);
    }

    /** The same, for another name. */
    public static Plan ofDrills(List<Address> targets, String host, int rate, String prefix) {
      return new Plan(targets, host, rate, 32, RequestMix.ofDrills(), PATIENCE_OF_DRILLS, prefix);
    }
  }

  public Load(Plan plan, Clock clock) {
    this.plan = plan;
    this.clock = clock;
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    loop = vertx.getOrCreateContext();
    loop.exceptionHandler(finished::completeExceptionally);
    connections = new Connections(vertx, plan, clock, this::record);
  }

  /** Opens the kept connections, then begins to send. */
  public void start() throws IOException {
    await(onLoop(connections::openAll), CONNECT_LIMIT);
    pacer.setDaemon(true);
    pacer.start();
  }

  /** The name has one more address: from now on clients use it too. */
  public void add(Address target) throws IOException {
    await(onLoop(() -> connections.add(target)), CONNECT_LIMIT);
  }

  /** Sends no more; what is under way goes on. */
  public void stop() {
    stopped = true;
    LockSupport.unpark(pacer);
  }

  /** Stops, waits until each request has its fate, and returns them in the order of those. */
  public List<Request> finish() throws IOException {
    stop();
    return await(finished, plan.patience().plus(LOOP_LIMIT));
  }

  /** The fates so far. */
  public List<Request> soFar() throws IOException {
    return await(onLoop(() -> CompletableFuture.completedFuture(List.copyOf(records))), LOOP_LIMIT);
  }

  /** How many were handed to the loop by the schedule; counted apart from their fates. */
  public long sent() {
    return sent.get();
  }

  public long latestStartMillis() {
    return TimeUnit.MICROSECONDS.toMillis(latestStartMicros);
  }

  public int idleClosesUnannounced() {
    return connections.idleClosesUnannounced();
  }

  /** How often something came on a connection that carried no request; none is harmless. */
  public int unaskedAnswers() {
    return connections.unaskedAnswers();
  }

  @Override
  public void close() throws IOException {
    stop();
    await(vertx.close().toCompletionStage().toCompletableFuture(), LOOP_LIMIT);
  }

  private void pace() {
    long start = System.nanoTime();
    long number = 0;
    while (true) {
      long due = start + number * TimeUnit.SECONDS.toNanos(1) / plan.rate();
      for (long wait = due - System.nanoTime(); wait > 0 && !stopped; ) {
        LockSupport.parkNanos(wait);
        wait = due - System.nanoTime();
      }
      if (stopped) {
        loop.runOnContext(done -> pacerEnded());
        return;
      }
      long n = number++;
      sent.incrementAndGet();
      loop.runOnContext(now -> send(n, due));
    }
  }

  private void send(long number, long dueNanos) {
    long intended = clock.micros(dueNanos);
    long started = clock.micros();
    latestStartMicros = Math.max(latestStartMicros, started - intended);
    String id = "%s-%06d".formatted(plan.prefix(), number);
    connections.send(new Call(id, plan.mix().spec(number), intended, started));
  }

  private void record(Request request) {
    records.add(request);
    finishIfLast();
  }

  private void pacerEnded() {
    pacerEnded = true;
    finishIfLast();
  }

  private void finishIfLast() {
    if (pacerEnded && records.size() == sent.get()) {
      finished.complete(List.copyOf(records));
    }
  }

  private <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> task) {
    Executor onLoop = run -> loop.runOnContext(now -> run.run());
    return CompletableFuture.completedFuture(this).thenComposeAsync(here -> task.get(), onLoop);
  }

  private static String words(@Nullable Throwable cause) {
    return cause instanceof ConnectException ? "connection refused" : String.valueOf(cause);
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> future, Duration limit)
      throws IOException {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the load failed: " + words(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the load did not answer within " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the load", e);
    }
  }
}
