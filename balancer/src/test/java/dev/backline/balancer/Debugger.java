package dev.backline.balancer;

import static java.util.Objects.requireNonNull;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Has single threads of another JVM stand still, and go on. */
final class Debugger implements AutoCloseable {
  private final VirtualMachine machine;

  private Debugger(VirtualMachine machine) {
    this.machine = machine;
  }

  /** Attaches to the JVM that listens for debuggers there. */
  static Debugger attach(int port) {
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(c -> c.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
    requireNonNull(arguments.get("port")).setValue(String.valueOf(port));
    try {
      return new Debugger(connector.attach(arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalConnectorArgumentsException e) {
      throw new AssertionError(e);
    }
  }

  /** Parks all threads whose names begin so; returns their names. */
  List<String> park(Pattern names) {
    List<ThreadReference> parked =
        machine.allThreads().stream()
            .filter(thread -> names.matcher(thread.name()).lookingAt())
            .toList();
    parked.forEach(ThreadReference::suspend);
    return parked.stream().map(ThreadReference::name).sorted().toList();
  }

  /** Lets all go on. */
  @Override
  public void close() {
    machine.dispose();
  }
}
