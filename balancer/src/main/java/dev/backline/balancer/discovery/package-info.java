/** Where the list of a pool's backends comes from. */
@NullMarked
package dev.backline.balancer.discovery;

import org.jspecify.annotations.NullMarked;
