package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The images run their JVMs as the testbed does: what is measured here holds there. */
class ImageFlagsTest {
  @Test
  void imagesTakeNoMoreMemoryThanTheTestbed() throws IOException {
    assertThat(options("balancer")).containsAll(JvmFlags.balancer());
    assertThat(options("sample-backend")).containsAll(JvmFlags.backend());
  }

  private static List<String> options(String module) throws IOException {
    return Files.readAllLines(Build.root().resolve(module + "/src/main/docker/jvm.options"));
  }
}
