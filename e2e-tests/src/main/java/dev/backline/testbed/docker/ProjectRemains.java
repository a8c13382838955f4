package dev.backline.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What Docker has of one compose project: containers, networks and volumes with its label.
 *
 * @param prefix that no other project's name begins with: the rest of the name is known only after
 *     the start
 */
record ProjectRemains(DockerClient docker, String prefix) implements Removal.Remains {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private record Piece(String what, Runnable removal) {}

  @Override
  public List<String> left() {
    try {
      return pieces().stream().map(Piece::what).toList();
    } catch (RuntimeException e) { // The client's transport throws whatever it likes.
      return List.of("what the engine doesn't tell: " + e.getMessage());
    }
  }

  /** Killed, not stopped: nobody waits for an orderly end of what is thrown away. */
  @Override
  public void removeAll() {
    try {
      pieces().forEach(ProjectRemains::remove);
    } catch (RuntimeException e) {
      // The next look tells.
    }
  }

  private static void remove(Piece piece) {
    try {
      piece.removal().run();
    } catch (RuntimeException e) {
      // Gone meanwhile, or in use by what is going: the next look tells.
    }
  }

  @Override
  public void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  /** Containers first: they use the others. */
  private List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Container each : docker.listContainersCmd().withShowAll(true).exec()) {
      if (isOurs(each.getLabels())) {
        pieces.add(
            new Piece(
                "container " + Arrays.toString(each.getNames()),
                () ->
                    docker
                        .removeContainerCmd(each.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec()));
      }
    }
    for (Network each : docker.listNetworksCmd().exec()) {
      if (isOurs(each.getLabels())) {
        pieces.add(
            new Piece(
                "network " + each.getName(), () -> docker.removeNetworkCmd(each.getId()).exec()));
      }
    }
    List<InspectVolumeResponse> volumes = docker.listVolumesCmd().exec().getVolumes();
    if (volumes != null) {
      for (InspectVolumeResponse each : volumes) {
        if (isOurs(each.getLabels())) {
          pieces.add(
              new Piece(
                  "volume " + each.getName(), () -> docker.removeVolumeCmd(each.getName()).exec()));
        }
      }
    }
    return pieces;
  }

  private boolean isOurs(@Nullable Map<String, String> labels) {
    return labels != null
        && labels.getOrDefault(ComposeProject.PROJECT_LABEL, "").startsWith(prefix);
  }
}
