package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.ServerSocket;

/** Which addresses the nodes of a testbed get. */
public sealed interface AddressPlan {
  Address listener();

  Address admin();

  /** The address of the n-th backend, counted from 1. */
  Address backend(int n);

  /**
   * The addresses of the manual. Linux answers on all of 127.0.0.0/8, so that each backend has an
   * address of its own, as on machines of their own; elsewhere they differ by port.
   */
  record Fixed(int port) implements AddressPlan {
    private static final int ADMIN_PORT = 7070;
    private static final int BACKEND_PORT = 3000;

    @Override
    public Address listener() {
      return new Address("127.0.0.1", port);
    }

    @Override
    public Address admin() {
      return new Address("127.0.0.1", ADMIN_PORT);
    }

    @Override
    public Address backend(int n) {
      return ON_LINUX
          ? new Address(host(n), BACKEND_PORT)
          : new Address("127.0.0.1", BACKEND_PORT + n);
    }
  }

  /** Ports that the system chooses, so that testbeds never collide. */
  record Ephemeral() implements AddressPlan {
    @Override
    public Address listener() {
      return new Address("127.0.0.1", 0);
    }

    @Override
    public Address admin() {
      return new Address("127.0.0.1", 0);
    }

    @Override
    public Address backend(int n) {
      return new Address(ON_LINUX ? host(n) : "127.0.0.1", 0);
    }
  }

  /**
   * Ports that are free now, for a balancer whose configuration must name the real ones: {@code
   * status} finds the admin API there. Another process may take them in between; then the start
   * fails.
   */
  record Free(Address listener, Address admin) implements AddressPlan {
    public static Free now() throws TestbedException {
      try (ServerSocket listener = new ServerSocket(0);
          ServerSocket admin = new ServerSocket(0)) {
        return new Free(
            new Address("127.0.0.1", listener.getLocalPort()),
            new Address("127.0.0.1", admin.getLocalPort()));
      } catch (IOException e) {
        throw new TestbedException("no free ports", e);
      }
    }

    @Override
    public Address backend(int n) {
      return new Ephemeral().backend(n);
    }
  }

  boolean ON_LINUX = System.getProperty("os.name").equals("Linux");

  /** Most backends that the plan has addresses for. */
  int MOST_BACKENDS = 200;

  private static String host(int n) {
    return "127.0.0." + (10 + n);
  }
}
