package dev.backline.testbed;

/** Entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
