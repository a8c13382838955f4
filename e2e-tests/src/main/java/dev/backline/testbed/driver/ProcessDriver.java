package dev.backline.testbed.driver;

/** Processes of this machine, on loopback. */
public record ProcessDriver() implements Driver {

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public Testbed start(Setup setup) throws TestbedException {
    return ProcessTestbed.start(setup);
  }
}
