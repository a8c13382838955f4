/**
 * What a member's control loop was told, kept so that its decisions can be made again: in another
 * JVM, with another policy, and in words. Pure.
 */
@NullMarked
package dev.backline.balancer.incident;

import org.jspecify.annotations.NullMarked;
