package dev.backline.testbed.history;

/** The balancer's status as it was read at some time; the answer came at {@code atMicros}. */
public record StatusSample(long atMicros, PoolStatus status) {}
