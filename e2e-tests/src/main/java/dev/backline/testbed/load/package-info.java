/** The load: an open loop of requests at a fixed rate, each with a known fate. */
@NullMarked
package dev.backline.testbed.load;

import org.jspecify.annotations.NullMarked;
