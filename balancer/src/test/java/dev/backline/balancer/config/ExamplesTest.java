package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.health.HealthPolicy;
import dev.backline.balancer.limit.ConnectionPolicy;
import dev.backline.balancer.limit.QueuePolicy;
import dev.backline.balancer.retry.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples that the documents show. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");

  @Test
  void nameIsEnoughOfASource() throws IOException {
    String text = Files.readString(EXAMPLES.resolve("dns.yml"));

    assertThat(Parsed.valid(text).pools())
        .singleElement()
        .satisfies(pool -> assertThat(pool.dns()).isNotNull());
  }

  @Test
  void tokenIsEnoughForBackendsToRegister() throws IOException {
    BalancerConfig config = Parsed.valid(Files.readString(EXAMPLES.resolve("registration.yml")));

    assertThat(config.registrar().listener())
        .isEqualTo(new RegistrarConfig.Address("127.0.0.1", 7071));
    assertThat(config.pools())
        .singleElement()
        .satisfies(pool -> assertThat(pool.registration()).isNotNull());
  }

  @Test
  void threeBackendsTakeLessThanFifteenLines() throws IOException {
    String text = Files.readString(EXAMPLES.resolve("three-backends.yml"));

    assertThat(text.lines().count()).isLessThan(15);
    assertThat(Parsed.valid(text).pools())
        .singleElement()
        .satisfies(pool -> assertThat(pool.backends()).hasSize(3));
  }

  @Test
  void allOptionsSaysWhatHoldsWithoutIt() throws IOException {
    BalancerConfig config = Parsed.valid(Files.readString(EXAMPLES.resolve("all-options.yml")));

    assertThat(config.member()).isEqualTo(BalancerConfig.DEFAULT_MEMBER);
    assertThat(config.admin()).isEqualTo(AdminConfig.DEFAULT);
    assertThat(config.accessLog()).isEqualTo(AccessLogConfig.DEFAULT);
    PoolConfig pool = config.pools().get(0);
    assertThat(pool.balance()).isEqualTo(BalancePolicy.DEFAULT);
    assertThat(pool.health()).isEqualTo(HealthPolicy.DEFAULT);
    assertThat(pool.retry()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(pool.queue()).isEqualTo(QueuePolicy.DEFAULT);
    assertThat(pool.connection()).isEqualTo(ConnectionPolicy.DEFAULT);
  }

  @Test
  void allOptionsHoldsEveryKeyOfTheSchema() throws IOException {
    String text = Files.readString(EXAMPLES.resolve("all-options.yml"));
    List<String> missing = new ArrayList<>();
    collectMissing(
        MemberSchema.ROOT,
        List.of(YamlReader.read(text, new Report(Machine.UNKNOWN))),
        "",
        missing);

    assertThat(missing).as("keys that all-options.yml doesn't show").isEmpty();
  }

  private static void collectMissing(
      Type<?> type, List<YamlNode> nodes, String path, List<String> missing) {
    if (type instanceof ListType list) {
      collectMissing(list.item(), children(nodes, ""), path, missing);
    } else if (type instanceof NamedType named) {
      collectMissing(named.item(), children(nodes, ""), path, missing);
    } else if (type instanceof SectionType section) {
      for (Key<?> key : section.keys()) {
        List<YamlNode> below = children(nodes, key.name());
        if (below.isEmpty()) {
          missing.add(path + key.name());
        } else {
          collectMissing(key.type(), below, path + key.name() + ".", missing);
        }
      }
    }
  }

  /** Returns what stands below a key of the nodes; below any, without one. */
  private static List<YamlNode> children(List<YamlNode> nodes, String key) {
    List<YamlNode> children = new ArrayList<>();
    for (YamlNode node : nodes) {
      if (node instanceof YamlNode.Sequence sequence) {
        children.addAll(sequence.items());
      } else if (node instanceof YamlNode.Mapping mapping) {
        mapping.entries().stream()
            .filter(entry -> key.isEmpty() || entry.key().equals(key))
            .forEach(entry -> children.add(entry.value()));
      }
    }
    return children;
  }
}
