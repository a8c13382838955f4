package dev.backline.balancer.control;

/**
 * A backend's registration, as it holds now.
 *
 * @param name what the backend calls itself
 * @param endNanos on the member's monotonic clock; past: it is kept because another member is
 *     silent
 */
public record Lease(String name, long endNanos) {}
