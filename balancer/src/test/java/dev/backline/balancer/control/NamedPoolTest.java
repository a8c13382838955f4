package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A pool whose backends are the addresses of a name. */
final class NamedPoolTest extends OnePool {
  private static final DnsConfig NAME = dns("web.example");
  private static final NameAnswer NO_NAME = new NameAnswer.Nothing("no such name");
  private static final NameAnswer SILENCE = new NameAnswer.Failed("silent");

  @Test
  void poolIsEmptyBeforeTheFirstAnswer() {
    configure(NAME);
    assertThat(ids()).isEmpty();
    answer(SILENCE);
    answer(NO_NAME);
    assertThat(ids()).isEmpty();
  }

  @Test
  void sameSetChangesNothing() {
    up("a", "b");
    Snapshot before = controller.snapshot();
    effects.clear();
    answer("a", "b");
    answer("a", "b");
    assertThat(controller.snapshot()).isSameAs(before);
    assertThat(effects).isEmpty();
  }

  @Test
  void whatIsGoneFromAnAnswerDrainsAtOnceAndComesBackAsANewOne() {
    up("a", "b");
    effects.clear();
    answer("b");
    assertThat(ids()).containsExactly("b");
    assertThat(effects)
        .containsExactly(
            new Effect.StopProbing(WEB, id("a")),
            new Effect.CloseIdle(WEB, id("a")),
            new Effect.WithdrawObservation(WEB, id("a")));

    answer("a", "b");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(view("b").verdict()).isEqualTo(Verdict.UP);
  }

  @Test
  void failedLookUpsKeepTheListForAsLongAsTheyLast() {
    up("a", "b");
    fail("b");
    fail("b");
    Snapshot before = controller.snapshot();
    for (int i = 0; i < 1_000; i++) {
      nowNanos += SECOND;
      answer(SILENCE);
    }
    assertThat(controller.snapshot()).isSameAs(before);
  }

  @Test
  void emptiedNameKeepsThoseWhoseProbePassesForThirtySeconds() {
    up("a", "b", "c");
    answer("a", "b", "c", "d");
    fail("b");
    fail("b");
    fail("c");
    assertThat(view("c").verdict()).isEqualTo(Verdict.SUSPECT);

    long emptiedNanos = nowNanos;
    answer(NO_NAME);
    assertThat(ids()).as("b is down, d was never proven").containsExactly("a", "c");
    assertThat(view("a").unlisted()).isTrue();
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    fail("c");
    nowNanos = emptiedNanos + 30 * SECOND - 1;
    answer(NO_NAME);
    assertThat(ids()).containsExactly("a");
    nowNanos++;
    answer(NO_NAME);
    assertThat(ids()).isEmpty();
  }

  @Test
  void nameThatHasAddressesAgainEndsTheGrace() {
    up("a", "b");
    answer(NO_NAME);
    nowNanos += 29 * SECOND;
    answer("a", "b");
    assertThat(view("a").unlisted()).isFalse();
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);

    nowNanos += 29 * SECOND;
    answer(NO_NAME);
    nowNanos += 29 * SECOND;
    answer(NO_NAME);
    assertThat(ids()).as("thirty seconds from the last time").containsExactly("a", "b");
  }

  @Test
  void unlistedOnesGoWhenTheNameNamesOthers() {
    up("a", "b");
    answer(NO_NAME);
    answer("b", "c");
    assertThat(ids()).containsExactly("b", "c");
    assertThat(view("b").unlisted()).isFalse();
  }

  @Test
  void silenceAfterAnEmptyAnswerKeepsWhatWorksUntilTheNextEmptyOne() {
    up("a");
    answer(NO_NAME);
    nowNanos += 300 * SECOND;
    answer(SILENCE);
    assertThat(ids()).containsExactly("a");
    assertThat(view("a").unlisted()).isTrue();
    answer(NO_NAME);
    assertThat(ids()).isEmpty();
  }

  @Test
  void twoSourcesDoNotFight() {
    up("a");
    list("x");
    assertThat(ids()).as("the file is not the source").containsExactly("a");
    apply(new Event.NameAnswered(WEB, dns("other.example"), listed("y")));
    assertThat(ids()).as("an answer to what isn't asked any more").containsExactly("a");
    apply(new Event.NameAnswered(new PoolName("gone"), NAME, listed("y")));
    assertThat(ids()).containsExactly("a");

    configure(PoolPolicy.ofDefaults(WEB));
    list("x");
    answer("a");
    assertThat(ids()).as("the file is the source now").containsExactly("x");
  }

  @Test
  void changedSourceKeepsWhatIsKnownUntilItAnswers() {
    up("a", "b");
    answer(NO_NAME);
    BackendView before = view("a");
    DnsConfig other = dns("other.example");
    configure(other);
    assertThat(ids()).containsExactly("a", "b");

    nowNanos += 31 * SECOND;
    apply(new Event.NameAnswered(WEB, other, NO_NAME));
    assertThat(ids()).as("the other name was never empty before").containsExactly("a", "b");
    apply(new Event.NameAnswered(WEB, other, listed("a", "c")));
    assertThat(ids()).containsExactly("a", "c");
    assertThat(view("a").sinceNanos()).isEqualTo(before.sinceNanos());
  }

  @Test
  void fileBecomesANameAndKeepsWhatIsKnown() {
    configure(PoolPolicy.ofDefaults(WEB));
    list("a", "b");
    pass("a");
    configure(NAME);
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
    answer("a");
    assertThat(ids()).containsExactly("a");
    assertThat(view("a").verdict()).isEqualTo(Verdict.UP);
  }

  private void up(String... names) {
    configure(NAME);
    answer(names);
    Stream.of(names).forEach(this::pass);
  }

  private void configure(DnsConfig dns) {
    configure(PoolPolicy.ofDefaults(WEB).from(dns, null));
  }

  private void list(String... names) {
    apply(new Event.BackendsListed(WEB, listed(names).backends()));
  }

  private void answer(String... names) {
    answer(listed(names));
  }

  private void answer(NameAnswer answer) {
    apply(new Event.NameAnswered(WEB, NAME, answer));
  }

  private static NameAnswer.Listed listed(String... names) {
    return new NameAnswer.Listed(Stream.of(names).map(name -> backend(name)).toList());
  }

  private List<String> ids() {
    return views().stream().map(view -> view.backend().id().host()).toList();
  }

  private static DnsConfig dns(String name) {
    return new DnsConfig(
        name, 3000, Duration.ofSeconds(1), Duration.ofMillis(500), /* server= */ null);
  }
}
