package dev.backline.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.limit.DescriptorBudget;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Router;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolLoopTest {
  private static final PoolName POOL = new PoolName("music");
  private static final BackendId BACKEND = new BackendId("127.0.0.1", 1);

  private final Vertx vertx = Vertx.vertx();
  private final SplittableRandom random = new SplittableRandom(1);
  private final AccessLog accessLog = new AccessLog(new ByteArrayOutputStream());
  private long nowNanos;

  @AfterEach
  void stop() throws InterruptedException {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    accessLog.close();
  }

  @Test
  void afterAStallNoKeptConnectionIsHandedOut() {
    Controller controller = new Controller(new MemberId("balancer-1"), 1);
    List<PoolPolicy> policies = List.of(PoolPolicy.ofDefaults(POOL));
    controller.apply(new Event.ConfigReplaced(policies, new Router(List.of())), nowNanos);
    List<Backend> backends = List.of(new Backend(BACKEND, "one", 1));
    controller.apply(new Event.BackendsListed(POOL, backends), nowNanos);
    DataPlane plane =
        new DataPlane(
            () -> nowNanos, (event, afterwards) -> {}, accessLog, DescriptorBudget.unlimited());
    plane.publish(controller.snapshot());
    DataPlane.SharedPool shared = plane.published().pools().get(POOL);
    assertThat(shared).isNotNull();
    StallWatch stalls = new StallWatch(vertx.getOrCreateContext(), () -> nowNanos);
    EvidenceReports reports = new EvidenceReports(plane.events, vertx.getOrCreateContext());
    PoolLoop pool = new PoolLoop(vertx, plane, shared, random, reports, stalls);
    stalls.whenStalled(nanos -> pool.closeIdle());

    BackendClient before = pool.client(BACKEND);
    assertThat(pool.client(BACKEND)).isSameAs(before);

    nowNanos += 1_000_000_000;
    BackendClient after = pool.client(BACKEND);

    assertThat(after).isNotSameAs(before);
    assertThat(pool.stalledNanosSince(0)).isEqualTo(1_000_000_000);
    assertThat(pool.client(BACKEND)).isSameAs(after);
  }
}
