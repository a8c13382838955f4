/** Bounds on what may wait. Pure. */
@NullMarked
package dev.backline.balancer.limit;

import org.jspecify.annotations.NullMarked;
