/** Which backend gets the next attempt. Pure. */
@NullMarked
package dev.backline.balancer.balance;

import org.jspecify.annotations.NullMarked;
