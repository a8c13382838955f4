package dev.backline.balancer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SimulationTest {
  @Test
  void promisesHoldInEveryRun() {
    Census census = new Census();
    long start = System.nanoTime();
    StringBuilder broken = new StringBuilder();
    int many = Integer.getInteger("seeds", 500);
    long events = 0;
    long exchanges = 0;
    long millis = 0;
    for (int seed = Integer.getInteger("from", 1); seed <= many; seed++) {
      Simulation.Run run = Simulation.run(seed);
      census.add(run.census());
      events += run.events();
      exchanges += run.exchanges();
      millis += run.simulatedMillis();
      if (run.violation() != null) {
        broken.append(run.violation().getMessage()).append('\n');
      }
    }
    System.out.println(census);
    System.out.printf(
        "%d runs %d events %d exchanges %d simulated s in %d ms%n",
        many, events, exchanges, millis / 1000, (System.nanoTime() - start) / 1_000_000);
    assertThat(broken.toString()).isEmpty();
  }
}
