/** How an instance makes itself known to balancers, and says when it goes. */
@NullMarked
package dev.backline.sample.register;

import org.jspecify.annotations.NullMarked;
