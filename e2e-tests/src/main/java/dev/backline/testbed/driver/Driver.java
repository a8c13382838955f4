package dev.backline.testbed.driver;

import java.util.Optional;

/** What a testbed is made of: processes of this machine, or containers. */
public interface Driver {
  /** As {@code --driver} names it. */
  String name();

  /** Why it can't break the links between nodes on this machine, in words; empty if it can. */
  Optional<String> whyLinksStay();

  /** Starts what is asked for; returns when all of it serves. */
  Testbed start(Setup setup) throws TestbedException;
}
