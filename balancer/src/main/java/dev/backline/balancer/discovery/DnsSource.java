package dev.backline.balancer.discovery;

import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.PoolConfig;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.control.NameAnswer;
import dev.backline.balancer.control.NameNews;
import dev.backline.balancer.control.NamedBackends;
import dev.backline.balancer.model.PoolName;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names of pools, again and again, and reports each answer. Decides nothing.
 *
 * <p>Its state lives on one event loop, that of the control plane; files are read on a worker.
 */
public final class DnsSource implements NameNews {
  private static final System.Logger LOG = System.getLogger(DnsSource.class.getName());

  private final Vertx vertx;
  private final Context context;
  private final LongSupplier clock;
  private final Events events;
  private final OwnSockets own;
  private final NameLookup lookup;
  private final Map<PoolName, Watch> watches = new LinkedHashMap<>();
  private final Map<PoolName, Last> last = new ConcurrentHashMap<>();

  /** One name that is looked up. */
  private static final class Watch {
    final PoolName pool;
    final DnsConfig dns;
    final Families families = new Families();
    final Warnings warnings;
    final Promise<Void> answered = Promise.promise();
    @Nullable NameAnswer told;
    boolean stopped;

    Watch(PoolName pool, DnsConfig dns) {
      this.pool = pool;
      this.dns = dns;
      this.warnings = new Warnings(LOG, "pool=" + pool + " name=" + dns.name());
    }
  }

  /** Creates a source that watches nothing yet. */
  public DnsSource(Vertx vertx, LongSupplier clock, Events events, OwnSockets own) {
    this(vertx, clock, events, own, SystemFiles.ofThisMachine());
  }

  DnsSource(Vertx vertx, LongSupplier clock, Events events, OwnSockets own, SystemFiles files) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.clock = clock;
    this.events = events;
    this.own = own;
    this.lookup = new NameLookup(vertx, files);
  }

  /**
   * Watches the names of these pools and no others; what is watched already goes on. Any thread may
   * call.
   *
   * @return comes when each name was answered, be it that it has no backends, and that is published
   */
  public Future<Void> watch(BalancerConfig config) {
    Promise<Void> answered = Promise.promise();
    context.runOnContext(v -> replace(config.pools()).onComplete(answered));
    return answered.future();
  }

  @Override
  public @Nullable Last of(PoolName pool) {
    return last.get(pool);
  }

  private Future<Void> replace(List<PoolConfig> pools) {
    Map<PoolName, Watch> before = new LinkedHashMap<>(watches);
    watches.clear();
    List<Watch> started = new ArrayList<>();
    for (PoolConfig pool : pools) {
      DnsConfig dns = pool.dns();
      Watch known = before.get(pool.name());
      if (dns != null && known != null && known.dns.equals(dns)) {
        watches.put(pool.name(), known);
        before.remove(pool.name());
      } else if (dns != null) {
        Watch watch = new Watch(pool.name(), dns);
        watches.put(pool.name(), watch);
        started.add(watch);
      }
    }
    for (Watch gone : before.values()) {
      gone.stopped = true;
      last.remove(gone.pool);
    }
    started.forEach(this::lookUp);
    return Future.join(watches.values().stream().map(w -> w.answered.future()).toList()).mapEmpty();
  }

  private void lookUp(Watch watch) {
    if (watch.stopped) {
      return;
    }
    long startNanos = clock.getAsLong();
    lookup
        .send(watch.dns, watch.families)
        .compose(finding -> judge(watch, finding))
        .otherwise(failure -> new NameAnswer.Failed("not judged: " + failure))
        .onSuccess(answer -> onAnswer(watch, answer, startNanos));
  }

  private Future<NameAnswer> judge(Watch watch, Finding finding) {
    if (finding instanceof Finding.NoName) {
      return Future.succeededFuture(new NameAnswer.Nothing("no such name"));
    } else if (finding instanceof Finding.Unknown unknown) {
      return Future.succeededFuture(new NameAnswer.Failed(unknown.words()));
    } else if (finding instanceof Finding.Found found) {
      return own.future(watch.dns.port())
          .map(
              addresses -> {
                var named = NamedBackends.of(found.addresses(), watch.dns.port(), addresses);
                named.warnings().forEach(watch.warnings::tell);
                return named.answer();
              });
    }
    throw new AssertionError(finding);
  }

  private void onAnswer(Watch watch, NameAnswer answer, long startNanos) {
    if (watch.stopped) {
      return;
    }
    long nowNanos = clock.getAsLong();
    last.put(watch.pool, new Last(answer, nowNanos));
    tell(watch, answer);
    boolean known = !(answer instanceof NameAnswer.Failed);
    events.emit(
        new Event.NameAnswered(watch.pool, watch.dns, answer),
        () -> {
          if (known) {
            watch.answered.tryComplete();
          }
        });
    long leftNanos = watch.dns.interval().toNanos() - (nowNanos - startNanos);
    vertx.setTimer(Math.max(1, leftNanos / 1_000_000), timer -> lookUp(watch));
  }

  /** One line for each change, not for each answer. */
  private static void tell(Watch watch, NameAnswer answer) {
    if (answer.equals(watch.told)) {
      return;
    }
    watch.told = answer;
    boolean well = answer instanceof NameAnswer.Listed;
    LOG.log(
        well ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
        "name pool={0} name={1} answer=\"{2}\"",
        watch.pool,
        watch.dns.name(),
        answer.words());
  }
}
