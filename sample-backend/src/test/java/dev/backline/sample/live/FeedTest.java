package dev.backline.sample.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {
  private final Feed feed = new Feed("backend-1", "backend-1.life-2");

  @Test
  void newcomerIsToldTheLastThingsAndThenWhatHappens() {
    for (int i = 1; i <= 10; i++) {
      play(i);
    }
    Heard heard = join(null);
    play(11);
    assertThat(heard.events()).containsExactly("hello", "play");
    JsonObject hello = heard.message(0);
    assertThat(hello.getBoolean("resumed")).isFalse();
    assertThat(hello.getString("id")).isEqualTo("backend-1.life-2-10");
    assertThat(hello.getJsonArray("recent")).hasSize(8);
    assertThat(hello.getJsonArray("recent").getJsonObject(7).getInteger("song")).isEqualTo(10);
    JsonObject told = heard.message(1);
    assertThat(told.getInteger("song")).isEqualTo(11);
    assertThat(told.getString("instance")).isEqualTo("backend-1");
    assertThat(told.getInteger("listening")).isEqualTo(1);
  }

  @Test
  void whoComesBackHearsWhatWasMissedOnceAndInOrder() {
    play(1);
    Heard before = join(null);
    play(2);
    feed.leave(before);
    play(3);
    play(4);
    Heard after = join(before.lastId());
    play(5);
    assertThat(after.message(0).getBoolean("resumed")).isTrue();
    assertThat(after.message(0).getString("id")).isEqualTo(before.lastId());
    assertThat(after.songs()).containsExactly(3, 4, 5);
    assertThat(before.songs()).containsExactly(2);
  }

  @Test
  void whoMissedNothingHearsNothingTwice() {
    play(1);
    Heard before = join(null);
    Heard after = join(before.lastId());
    assertThat(after.events()).containsExactly("hello");
    assertThat(after.message(0).getBoolean("resumed")).isTrue();
  }

  @Test
  void whoWasAwayForLongerThanIsRememberedBeginsAnew() {
    Heard before = join(null);
    for (int i = 0; i < Feed.REMEMBERED; i++) {
      play(1);
    }
    assertThat(join(before.message(0).getString("id")).songs()).hasSize(Feed.REMEMBERED);
    play(1);
    Heard late = join(before.message(0).getString("id"));
    assertThat(late.message(0).getBoolean("resumed")).isFalse();
    assertThat(late.songs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backend-2.life-1-1",
        "backend-1.life-1-1",
        "backend-1.life-2-999",
        "backend-1.life-2--1",
        "backend-1.life-2-9999999999999999999",
        "",
        "-",
        "\u00e9"
      })
  void whatWasNotHeardHereIsNoPlaceToGoOnFrom(String id) {
    play(1);
    assertThat(join(id).message(0).getBoolean("resumed")).isFalse();
  }

  @Test
  void listenerThatIsBehindIsCutOffAndTheOthersAreTold() {
    Heard slow = join(null);
    Heard quick = join(null);
    slow.behind = true;
    play(1);
    assertThat(slow.cutOff).isTrue();
    assertThat(slow.songs()).isEmpty();
    assertThat(quick.songs()).containsExactly(1);
    assertThat(feed.listening()).isEqualTo(1);
  }

  @Test
  void thereIsRoomForSoManyAndNoMore() {
    for (int i = 0; i < Feed.MOST_LISTENERS; i++) {
      join(null);
    }
    assertThat(feed.hasRoom()).isFalse();
    Heard late = join(null);
    assertThat(late.goodbye).isTrue();
    assertThat(late.events()).isEmpty();
    assertThat(feed.listening()).isEqualTo(Feed.MOST_LISTENERS);
  }

  @Test
  void endSaysGoodbyeToAllAndTakesNobodyMore() {
    Heard heard = join(null);
    feed.end();
    play(1);
    assertThat(heard.goodbye).isTrue();
    assertThat(heard.songs()).isEmpty();
    assertThat(join(null).goodbye).isTrue();
  }

  @Test
  void beatReachesEverybody() {
    Heard heard = join(null);
    feed.beat();
    assertThat(heard.beats).isEqualTo(1);
  }

  private Heard join(@Nullable String heardLast) {
    Heard heard = new Heard();
    feed.join(heard, heardLast);
    return heard;
  }

  private void play(int song) {
    feed.tell("play", JsonObject.of("song", song));
  }

  private static final class Heard implements Listener {
    private final List<Message> messages = new ArrayList<>();
    private boolean behind;
    private boolean goodbye;
    private boolean cutOff;
    private int beats;

    @Override
    public void tell(Message message) {
      messages.add(message);
    }

    @Override
    public void beat() {
      beats++;
    }

    @Override
    public boolean isBehind() {
      return behind;
    }

    @Override
    public void sayGoodbye() {
      goodbye = true;
    }

    @Override
    public void cutOff() {
      cutOff = true;
    }

    private JsonObject message(int i) {
      return new JsonObject(messages.get(i).json());
    }

    private String lastId() {
      return messages.get(messages.size() - 1).id();
    }

    private List<String> events() {
      return messages.stream().map(Message::event).toList();
    }

    private List<Integer> songs() {
      return messages.stream()
          .map(message -> new JsonObject(message.json()))
          .filter(json -> json.containsKey("song"))
          .map(json -> json.getInteger("song"))
          .toList();
    }
  }
}
