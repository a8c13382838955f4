package dev.backline.testbed.history;

/** A balancer's status as it was read at some time; the answer came at {@code atMicros}. */
public record StatusSample(String member, long atMicros, PoolStatus status) {}
