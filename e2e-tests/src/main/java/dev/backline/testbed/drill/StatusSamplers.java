package dev.backline.testbed.drill;

import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.history.StatusSample;
import dev.backline.testbed.load.Clock;
import java.util.Comparator;
import java.util.List;

/** A sampler for each balancer that is there at first: one that stands still keeps no other. */
record StatusSamplers(List<StatusSampler> each) implements AutoCloseable {

  /** Begins to read. */
  static StatusSamplers of(Testbed testbed, Clock clock) {
    List<StatusSampler> each =
        Members.of(testbed).stream()
            .map(balancer -> new StatusSampler(testbed, balancer, clock))
            .toList();
    each.forEach(StatusSampler::start);
    return new StatusSamplers(each);
  }

  /** Of all balancers, in the order of time. */
  List<StatusSample> samples() {
    return each.stream()
        .flatMap(sampler -> sampler.samples().stream())
        .sorted(Comparator.comparingLong(StatusSample::atMicros))
        .toList();
  }

  @Override
  public void close() {
    each.forEach(StatusSampler::close);
  }
}
