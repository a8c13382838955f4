package dev.backline.balancer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private final Readings readings = new Readings();

  private CompletableFuture<Void> waiter() {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    readings.want(waiter);
    return waiter;
  }

  @Test
  void nobodyWishesNoneBegins() {
    assertThat(readings.begin()).isFalse();
    readings.want();
    assertThat(readings.begin()).isTrue();
    readings.end(true);
    assertThat(readings.begin()).isFalse();
  }

  /** Was: a wish was forgotten while one was under way, and its waiter told of the older one. */
  @Test
  void wishThatComesMeanwhileIsForTheNext() {
    CompletableFuture<Void> first = waiter();
    assertThat(readings.begin()).isTrue();
    CompletableFuture<Void> second = waiter();
    assertThat(readings.begin()).as("one at a time").isFalse();

    readings.end(true);
    assertThat(first).isDone();
    assertThat(second).isNotDone();

    assertThat(readings.begin()).isTrue();
    readings.end(true);
    assertThat(second).isDone();
  }

  @Test
  void allWishesOfOneTimeAreForOneReading() {
    CompletableFuture<Void> one = waiter();
    CompletableFuture<Void> two = waiter();
    readings.begin();
    readings.end(true);
    assertThat(one).isDone();
    assertThat(two).isDone();
    assertThat(readings.begin()).isFalse();
  }

  @Test
  void oneThatCameToNothingIsWishedForStill() {
    CompletableFuture<Void> first = waiter();
    readings.begin();
    readings.end(false);
    assertThat(first).isNotDone();

    assertThat(readings.begin()).isTrue();
    readings.end(true);
    assertThat(first).isDone();
  }
}
