/**
 * The one place where health, membership and commands are decided: events in, a snapshot and
 * effects out. Pure.
 */
@NullMarked
package dev.backline.balancer.control;

import org.jspecify.annotations.NullMarked;
