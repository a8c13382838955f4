package dev.backline.balancer.proxy;

/** The fields of {@link BackendCell}, behind padding: a subclass's fields come after these. */
class BackendCellFields {
  long p0;
  long p1;
  long p2;
  long p3;
  long p4;
  long p5;
  long p6;
  long p7;
  long p8;
  long p9;
  long p10;
  long p11;
  long p12;
  long p13;
  long p14;

  volatile int active;
  volatile int abandoned;
  volatile int upgraded;
  volatile long clean;
  volatile long attempts;
  volatile long failures;
  volatile int samples;
  volatile long usualHeadNanos;
  volatile long sampledAtNanos;
  volatile boolean suspected;
  volatile long heardNanos = Long.MIN_VALUE;
  volatile boolean reportsHeard;
}
