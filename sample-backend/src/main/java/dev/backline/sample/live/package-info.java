/** What is being played and liked on this instance, told to who listens, as it happens. */
@NullMarked
package dev.backline.sample.live;

import org.jspecify.annotations.NullMarked;
