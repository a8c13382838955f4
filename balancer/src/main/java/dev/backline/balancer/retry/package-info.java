/** What an exchange does after each outcome of an attempt. Pure. */
@NullMarked
package dev.backline.balancer.retry;

import org.jspecify.annotations.NullMarked;
