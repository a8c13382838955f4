/** Which pool a request belongs to. Pure. */
@NullMarked
package dev.backline.balancer.route;

import org.jspecify.annotations.NullMarked;
