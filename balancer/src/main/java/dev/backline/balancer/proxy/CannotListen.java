package dev.backline.balancer.proxy;

/** A listener's address can't be had; the cause says why. */
public final class CannotListen extends Exception {
  private static final long serialVersionUID = 1;

  CannotListen(String address, Throwable cause) {
    super(address, cause);
  }
}
