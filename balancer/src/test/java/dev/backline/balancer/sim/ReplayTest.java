package dev.backline.balancer.sim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.IncidentText;
import dev.backline.balancer.incident.Recorder;
import dev.backline.balancer.incident.Replay;
import dev.backline.balancer.model.MemberId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recorded can be decided again, from any moment on, and from a file. */
final class ReplayTest {
  private static final int SEEDS = 40;
  private static final Incident.Header HEADER = new Incident.Header("test", List.of(), 0, 0);

  @Test
  void memberThatGoesOnFromACheckpointOfTextDecidesTheSame() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      int every = 1 + seed % 50;
      Core forgetful =
          new Core() {
            @Override
            Control control(MemberId own, long random) {
              return new Restarting(new Controller(own, random), every);
            }
          };
      Simulation.Run real = Simulation.run(seed);
      Simulation.Run run = Simulation.run(Options.of(seed), forgetful, Simulation.CHECKS);
      assertThat(run.digest()).as("seed %d, every %d events", seed, every).isEqualTo(real.digest());
    }
  }

  @Test
  void whatMembersRecordedIsDecidedAgain() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Core.Control> members = new ArrayList<>();
      Core kept =
          new Core() {
            @Override
            Control control(MemberId own, long random) {
              Control control = super.control(own, random);
              members.add(control);
              return control;
            }
          };
      Simulation.run(Options.of(seed), kept, Simulation.CHECKS);
      for (Core.Control member : members) {
        Incident incident = read(IncidentText.lines(requireNonNull(member.incident(HEADER))));
        assertThat(incident.entries()).isNotEmpty();
        assertThat(Replay.of(incident).isSame()).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void runInWhichAPromiseBrokeLeavesARecord(@TempDir Path folder) throws Exception {
    Function<World, Check> broken =
        world ->
            new Check(world) {
              @Override
              void onHealed() {
                throw violation("broken on purpose (expected: nothing)");
              }
            };
    Simulation.Run run = Simulation.run(Options.of(SEEDS), Core.REAL, List.of(broken));

    List<Path> files = Records.write(run, folder);

    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Incident incident = IncidentText.read(Files.readAllLines(file));
      assertThat(incident.header().why()).hasSize(1).first().asString().startsWith("seed 40: ");
      assertThat(Replay.of(incident).isSame()).isTrue();
    }
  }

  /** Begins anew from the text of its checkpoint, again and again. */
  private static final class Restarting implements Core.Control {
    private final int every;
    private Controller controller;
    private int events;

    Restarting(Controller controller, int every) {
      this.controller = controller;
      this.every = every;
    }

    @Override
    public List<Effect> apply(Event event, long nowNanos) {
      if (++events % every == 0) {
        Incident now = new Recorder(controller).recording(HEADER).incident();
        controller = new Controller(read(IncidentText.lines(now)).start());
      }
      return controller.apply(event, nowNanos);
    }

    @Override
    public Snapshot snapshot() {
      return controller.snapshot();
    }

    @Override
    public long nextDeadlineNanos() {
      return controller.nextDeadlineNanos();
    }
  }

  private static Incident read(List<String> lines) {
    try {
      return IncidentText.read(lines);
    } catch (IncidentText.Unreadable e) {
      throw new AssertionError(e);
    }
  }
}
