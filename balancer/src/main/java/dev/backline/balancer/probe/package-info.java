/** Sends health requests and reports what came back. */
@NullMarked
package dev.backline.balancer.probe;

import org.jspecify.annotations.NullMarked;
