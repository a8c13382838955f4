package dev.backline.testbed.control;

import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells other terminals of the running testbed. Readable by its owner only, since it holds the
 * token of the endpoint.
 *
 * @param pid of the process that wrote it
 * @param processStart of that process: with the pid it tells a stale file from a living one, also
 *     when another process got the pid
 * @param endpoint where commands go
 * @param listeners where the balancers serve
 */
public record ControlFile(
    long pid, Instant processStart, Address endpoint, String token, List<Address> listeners) {
  public ControlFile {
    listeners = List.copyOf(listeners);
  }

  private static final String NAME = "control.json";

  /** Clocks of process tables tick in hundredths of a second. */
  private static final Duration START_PRECISION = Duration.ofSeconds(2);

  /** Of this process. */
  static ControlFile ofThisProcess(Address endpoint, String token, List<Address> listeners) {
    ProcessHandle self = ProcessHandle.current();
    return new ControlFile(self.pid(), startOf(self), endpoint, token, listeners);
  }

  /** Reads the file of a testbed that is alive; empty if there is none, or a stale one. */
  public static Optional<ControlFile> read(Path directory) throws TestbedException {
    Path file = directory.resolve(NAME);
    try {
      ControlFile read = fromJson(new JsonObject(Files.readString(file)));
      return read.alive() ? Optional.of(read) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new TestbedException("cannot read " + file, e);
    } catch (DecodeException
        | IllegalArgumentException
        | ClassCastException
        | DateTimeException e) {
      throw new TestbedException(file + " is no control file; remove it", e);
    }
  }

  void write(Path directory) throws TestbedException {
    Path file = directory.resolve(NAME);
    Path fresh = directory.resolve(NAME + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, toJson().encodePrettily().getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TestbedException("cannot write " + file, e);
    }
  }

  static void delete(Path directory) throws TestbedException {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
    } catch (IOException e) {
      throw new TestbedException("cannot remove the control file in " + directory, e);
    }
  }

  boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(ControlFile::startOf)
        .filter(start -> Duration.between(start, processStart).abs().compareTo(START_PRECISION) < 0)
        .isPresent();
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  private JsonObject toJson() {
    return new JsonObject()
        .put("pid", pid)
        .put("processStart", processStart.toString())
        .put("endpoint", endpoint.toString())
        .put("token", token)
        .put("listeners", new JsonArray(listeners.stream().map(Address::toString).toList()));
  }

  private static ControlFile fromJson(JsonObject json) {
    return new ControlFile(
        Long.parseLong(field(json, "pid")),
        Instant.parse(field(json, "processStart")),
        Address.parse(field(json, "endpoint")),
        field(json, "token"),
        json.getJsonArray("listeners", new JsonArray()).stream()
            .map(listener -> Address.parse(listener.toString()))
            .toList());
  }

  private static String field(JsonObject json, String name) {
    Object value = json.getValue(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": absent (expected: a value)");
    }
    return value.toString();
  }
}
