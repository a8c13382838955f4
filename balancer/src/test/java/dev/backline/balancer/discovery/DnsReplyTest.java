package dev.backline.balancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.discovery.DnsQuestion.Family;
import dev.backline.balancer.model.IpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of RFC 1035, byte by byte. */
final class DnsReplyTest {
  private static final DnsQuestion QUESTION = new DnsQuestion(0xabcd, "a.test", Family.A);
  private static final String ASKED = "01 61 04 74657374 00 0001 0001";
  private static final String ADDRESS = "c00c 0001 0001 00000258 0004 0a000001";
  private static final String WELL = "abcd 8180 0001 0001 0000 0000" + ASKED + ADDRESS;

  @Test
  void questionIsWrittenAsTheStandardSays() {
    assertThat(hex(QUESTION.toBytes()))
        .isEqualTo(hex(bytes("abcd 0100 0001 0000 0000 0000" + ASKED)));
    assertThat(hex(new DnsQuestion(1, "a.test", Family.AAAA).toBytes())).endsWith("001c0001");
  }

  @Test
  void addressesAreRead() {
    assertThat(read(WELL)).isEqualTo(new DnsReply(0, false, of("10.0.0.1")));
  }

  @Test
  void namesOfAReplyMayBeInAnyCase() {
    assertThat(read(WELL.replace("01 61", "01 41"))).isEqualTo(read(WELL));
  }

  @ParameterizedTest
  @CsvSource({
    "abce 8180 0001 0001 0000 0000, another id",
    "abcd 0180 0001 0001 0000 0000, a question",
    "abcd a980 0001 0001 0000 0000, another operation",
    "abcd 8180 0000 0001 0000 0000, no question",
    "abcd 8183 0000 0000 0000 0000, no such name of nothing",
    "abcd 8180 0002 0001 0000 0000, two questions",
    "abcd 8180 0001 0002 0000 0000, fewer answers than it says"
  })
  void whatDoesNotAnswerTheQuestionIsNoReply(String head, String why) {
    assertThat(read(head + ASKED + ADDRESS)).as(why).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "01 62 04 74657374 00 0001 0001, another name",
    "01 61 04 74657374 00 001c 0001, another type",
    "01 61 04 74657374 00 0001 0003, another class"
  })
  void replyMustRepeatTheQuestion(String asked, String why) {
    assertThat(read("abcd 8180 0001 0000 0000 0000" + asked)).as(why).isNull();
  }

  @Test
  void failureNeedNotRepeatTheQuestion() {
    assertThat(read("abcd 8182 0000 0000 0000 0000")).isEqualTo(new DnsReply(2, false, of()));
    assertThat(read("abcd 8183 0001 0000 0000 0000" + ASKED))
        .isEqualTo(new DnsReply(3, false, of()));
  }

  @Test
  void truncatedReplyIsNotHalfAList() {
    assertThat(read(WELL.replace("8180", "8380"))).isEqualTo(new DnsReply(0, true, of()));
  }

  @ParameterizedTest
  @CsvSource({
    "c00c 0001 0001 00000258 0003 0a0000, too short",
    "c00c 0001 0001 00000258 0005 0a00000101, too long",
    "c00c 0001 0003 00000258 0004 0a000001, of another class",
    "c00c 001c 0001 00000258 0004 0a000001, of another type",
    "c00e 0001 0001 00000258 0004 0a000001, of another name"
  })
  void recordThatIsNoAddressOfTheNameIsPassedOver(String record, String why) {
    assertThat(read("abcd 8180 0001 0001 0000 0000" + ASKED + record))
        .as(why)
        .isEqualTo(new DnsReply(0, false, of()));
  }

  @Test
  void aliasesAreFollowedInAnyOrderAndNotInCircles() {
    String b = "0162 04 74657374 00";
    String toB = "c00c 0005 0001 00000258 0008" + b;
    String bHas = b + "0001 0001 00000258 0004 0a000002";
    String bToA = b + "0005 0001 00000258 0002 c00c";
    String head = "abcd 8180 0001 0002 0000 0000" + ASKED;

    assertThat(read(head + toB + bHas)).isEqualTo(new DnsReply(0, false, of("10.0.0.2")));
    assertThat(read(head + bHas + toB)).isEqualTo(new DnsReply(0, false, of("10.0.0.2")));
    assertThat(read(head + toB + bToA)).isEqualTo(new DnsReply(0, false, of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c00c", "c0ff", "c01a", "40", "3f", "ff"})
  void nameThatLeadsNowhereIsNoReply(String name) {
    assertThat(read("abcd 8180 0001 0000 0000 0000" + name + "00 0001 0001")).isNull();
  }

  @Test
  void longestNameThatGoesInCirclesIsNoReply() {
    byte[] loop =
        bytes("abcd 8180 0001 0000 0000 0000" + "3f" + "61".repeat(63) + "c00c 0001 0001");
    assertThat(DnsReply.read(loop, QUESTION)).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyMutationAndEveryPrefixIsAReplyOrNone(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] well = bytes(WELL);
    for (int end = 0; end < well.length; end++) {
      assertThat(DnsReply.read(Arrays.copyOf(well, end), QUESTION)).isNull();
    }
    for (int i = 0; i < 100_000; i++) {
      byte[] mutated = well.clone();
      for (int change = random.nextInt(1, 5); change > 0; change--) {
        mutated[random.nextInt(2, mutated.length)] = (byte) random.nextInt(256);
      }
      DnsReply reply = DnsReply.read(mutated, QUESTION);
      assertThat(reply == null || reply.addresses().size() <= 1).isTrue();
    }
  }

  private static List<IpAddress> of(String... addresses) {
    return Arrays.stream(addresses).map(IpAddress::parse).map(Objects::requireNonNull).toList();
  }

  private static @Nullable DnsReply read(String hex) {
    return DnsReply.read(bytes(hex), QUESTION);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
