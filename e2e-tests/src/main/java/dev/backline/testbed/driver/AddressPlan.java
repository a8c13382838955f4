package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which addresses the nodes of a testbed get. Asked once for each node, since some plans look for a
 * free port at that moment; another process may take it in between, then the start fails.
 */
public sealed interface AddressPlan {
  /** The addresses of the n-th balancer, counted from 1. */
  BalancerAddresses balancer(int n) throws TestbedException;

  /** The address of the n-th backend, counted from 1. */
  Address backend(int n);

  /**
   * The addresses of one balancer.
   *
   * @param listener where clients connect
   * @param admin of its admin API
   * @param member where the other balancers reach it; never port 0, because they have to know it
   */
  record BalancerAddresses(Address listener, Address admin, Address member) {}

  /**
   * The addresses of the manual. Linux answers on all of 127.0.0.0/8, so that each node has an
   * address of its own, as on machines of their own; elsewhere they differ by port.
   */
  record Fixed(int port) implements AddressPlan {
    private static final int ADMIN_PORT = 7070;
    private static final int MEMBER_PORT = 5701;
    private static final int BACKEND_PORT = 3000;

    @Override
    public BalancerAddresses balancer(int n) {
      int shift = ON_LINUX ? 0 : n - 1;
      return new BalancerAddresses(
          new Address(balancerHost(n), port + shift),
          new Address(balancerHost(n), ADMIN_PORT + shift),
          new Address(balancerHost(n), MEMBER_PORT + shift));
    }

    @Override
    public Address backend(int n) {
      return new Address(backendHost(n), ON_LINUX ? BACKEND_PORT : BACKEND_PORT + n);
    }
  }

  /**
   * One port on an address for each balancer, as behind one name; Linux only. The rest is left to
   * the system.
   */
  record OnePort(int port) implements AddressPlan {
    /** A port that is free now, on the first balancer's address. */
    public static OnePort free() throws TestbedException {
      return new OnePort(AddressPlan.free(balancerHost(1)).port());
    }

    @Override
    public BalancerAddresses balancer(int n) throws TestbedException {
      BalancerAddresses any = new Ephemeral().balancer(n);
      Address listener = new Address(balancerHost(n), port);
      return new BalancerAddresses(listener, any.admin(), any.member());
    }

    @Override
    public Address backend(int n) {
      return new Ephemeral().backend(n);
    }
  }

  /** Ports that the system chooses, so that testbeds never collide. */
  record Ephemeral() implements AddressPlan {
    @Override
    public BalancerAddresses balancer(int n) throws TestbedException {
      Address any = new Address(balancerHost(n), 0);
      return new BalancerAddresses(any, any, free(balancerHost(n)));
    }

    @Override
    public Address backend(int n) {
      return new Address(backendHost(n), 0);
    }
  }

  /**
   * Ports that are free now, for balancers whose configuration must name the real ones: {@code
   * status} finds the admin API there.
   */
  record Free() implements AddressPlan {
    @Override
    public BalancerAddresses balancer(int n) throws TestbedException {
      String host = balancerHost(n);
      return new BalancerAddresses(free(host), free(host), free(host));
    }

    @Override
    public Address backend(int n) {
      return new Ephemeral().backend(n);
    }
  }

  boolean ON_LINUX = System.getProperty("os.name").equals("Linux");

  /** Most backends that the plans have addresses for. */
  int MOST_BACKENDS = 200;

  /** Most balancers that the plans have addresses for: 127.0.0.11 is the first backend's. */
  int MOST_BALANCERS = 9;

  private static String balancerHost(int n) {
    return ON_LINUX ? "127.0.0." + n : "127.0.0.1";
  }

  private static String backendHost(int n) {
    return ON_LINUX ? "127.0.0." + (10 + n) : "127.0.0.1";
  }

  /** Below the ports that systems take for connections: one of these might take it meanwhile. */
  private static Address free(String host) throws TestbedException {
    IOException last = new IOException("none was tried");
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
        return new Address(host, socket.getLocalPort());
      } catch (IOException e) {
        last = e;
      }
    }
    throw new TestbedException("no free port on " + host, last);
  }
}
