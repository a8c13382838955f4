package dev.backline.testbed.driver;

import java.util.Optional;

/** Processes of this machine, on loopback. */
public record ProcessDriver() implements Driver {

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public Optional<String> whyLinksStay() {
    return ProcessTestbed.whyLinksStay();
  }

  @Override
  public Testbed start(Setup setup) throws TestbedException {
    return ProcessTestbed.start(setup);
  }
}
