package dev.backline.testbed.driver;

/** What a testbed is made of: processes of this machine, or containers. */
public interface Driver {
  /** As {@code --driver} names it. */
  String name();

  /** Starts what is asked for; returns when all of it serves. */
  Testbed start(Setup setup) throws TestbedException;
}
