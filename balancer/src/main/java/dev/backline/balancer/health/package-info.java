/** What evidence says about a backend. Pure. */
@NullMarked
package dev.backline.balancer.health;

import org.jspecify.annotations.NullMarked;
