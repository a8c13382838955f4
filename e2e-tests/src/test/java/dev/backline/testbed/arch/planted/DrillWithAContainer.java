package dev.backline.testbed.arch.planted;

import org.testcontainers.DockerClientFactory;

/** Breaks the rule on purpose. */
final class DrillWithAContainer {
  private DrillWithAContainer() {}

  static boolean dockerIsThere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }
}
