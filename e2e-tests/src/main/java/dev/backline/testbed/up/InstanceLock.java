package dev.backline.testbed.up;

import dev.backline.testbed.control.ControlFile;
import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** One testbed a directory: the system gives the lock back, whatever kills its holder. */
final class InstanceLock {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  static InstanceLock take(Path directory) throws TestbedException {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw new TestbedException(reason(ControlFile.read(directory)));
      }
      return new InstanceLock(channel);
    } catch (IOException e) {
      throw new TestbedException("cannot lock the directory " + directory, e);
    }
  }

  void giveBack() throws TestbedException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TestbedException("cannot give back the lock of the testbed", e);
    }
  }

  private static String reason(Optional<ControlFile> running) {
    return running
        .map(
            file ->
                "a testbed is running already: process %d, since %s; end it with Ctrl-C in its terminal, or: kill %d"
                    .formatted(file.pid(), TIME.format(file.processStart()), file.pid()))
        .orElse("a testbed is being started or ended already; try again in a moment");
  }
}
